using Hubbub.Bench.Load;

namespace Hubbub.Bench.Scenarios;

/// <summary>What one system gave in a contest.</summary>
/// <param name="System">Its name.</param>
/// <param name="AtFixedRate">Its runs at the fixed rate.</param>
/// <param name="Highest">Its highest sustained rate; null if it was not looked for or none was sustained.</param>
internal sealed record Standing(string System, IReadOnlyList<Measurement> AtFixedRate, Measurement? Highest)
{
    /// <summary>Microseconds of the servers' processors for each delivery, the median run's.</summary>
    public double Cpu => Median.Of([.. AtFixedRate.Select(m => m.CpuPerDelivery)]);

    /// <summary>Milliseconds that the given part of the deliveries stayed below, the median run's.</summary>
    public double Percentile(double part) => Median.Of([.. AtFixedRate.Select(m => m.Latencies.Percentile(part))]);
}
