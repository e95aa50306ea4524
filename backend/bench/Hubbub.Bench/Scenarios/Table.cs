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

    /// <summary>
    /// The medians at the fixed rate and the highest rate of each system, with its ratios to plain SignalR and to Microsoft's backplane where those took
    /// part.
    /// </summary>
    public static void Ratios(IReadOnlyList<Standing> standings, int fanOut)
    {
        Console.WriteLine();
        Console.WriteLine($"{"system",-10} {"cpu µs each",12} {"µs a message",13} {"p50 ms",8} {"p99 ms",8} {"highest/s",11}");
        foreach (var one in standings)
        {
            Console.WriteLine(FormattableString.Invariant(
                $"{one.System,-10} {one.Cpu,12:f2} {one.Cpu * fanOut,13:f1} {one.Percentile(.5),8:f2} {one.Percentile(.99),8:f2} {one.Highest?.Delivered,11:f0}"));
        }

        foreach (var other in standings.Where(s => s.System is "plain" or "microsoft"))
        {
            foreach (var one in standings.Where(s => s != other))
            {
                Console.WriteLine(FormattableString.Invariant(
                    $"{one.System} / {other.System}: cpu {one.Cpu / other.Cpu:f2}, p50 {Of(.5):f2}, p99 {Of(.99):f2}, highest {one.Highest?.Delivered / other.Highest?.Delivered:f2}"));

                double Of(double part) => one.Percentile(part) / other.Percentile(part);
            }
        }
    }
}
