using Hubbub.Bench.Load;

namespace Hubbub.Bench.Scenarios;

/// <summary>Prints measurements as lines of one table.</summary>
internal static class Table
{
    public static void Head(string title)
    {
        Console.WriteLine(title);
        Console.WriteLine($"{"system",-10} {"run",-8} {"offered/s",10} {"delivered/s",12} {"cpu µs each",12} {"p50 ms",8} {"p95 ms",8} {"p99 ms",8}");
    }

    public static void Row(string system, string run, Measurement? measured) => Console.WriteLine(measured is null
        ? $"{system,-10} {run,-8} none sustained"
        : FormattableString.Invariant(
            $"{system,-10} {run,-8} {measured.Offered,10:f0} {measured.Delivered,12:f0} {measured.CpuPerDelivery,12:f2} {measured.Latencies}"));
}
