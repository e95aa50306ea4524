namespace Hubbub.Bench.Load;

/// <summary>A histogram of latencies in steps of 2 %, from 1 µs to about 100 s. Any thread may add.</summary>
internal sealed class Latencies
{
    private const double Step = 1.02;
    private static readonly double LogStep = Math.Log(Step);
    private readonly long[] _counts = new long[1000];

    public long Count => _counts.Sum();

    public void Add(TimeSpan latency)
    {
        var microseconds = Math.Max(1, latency.TotalMicroseconds);
        Interlocked.Increment(ref _counts[Math.Min(_counts.Length - 1, (int)(Math.Log(microseconds) / LogStep))]);
    }

    /// <summary>The latency in milliseconds that the given part of all stayed below.</summary>
    public double Percentile(double part)
    {
        var left = (long)Math.Ceiling(Count * part);
        for (var i = 0; i < _counts.Length; i++)
        {
            left -= _counts[i];
            if (left <= 0)
                return Math.Pow(Step, i + 1) / 1000;
        }

        return double.NaN;
    }

    public override string ToString() => FormattableString.Invariant($"{Percentile(.5),8:f1} {Percentile(.95),8:f1} {Percentile(.99),8:f1}");
}
