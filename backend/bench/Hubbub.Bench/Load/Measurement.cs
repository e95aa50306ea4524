using System.Diagnostics;

namespace Hubbub.Bench.Load;

/// <summary>What one run at one rate gave.</summary>
/// <param name="Offered">Deliveries a second that the publishers asked for.</param>
/// <param name="Delivered">Deliveries a second that came within the time.</param>
/// <param name="CpuPerDelivery">Processor time of the servers for each delivery, in microseconds; the store's own is not in it.</param>
/// <param name="Latencies">From publish to receipt.</param>
internal sealed record Measurement(double Offered, double Delivered, double CpuPerDelivery, Latencies Latencies)
{
    /// <summary>True if the servers kept up: nearly all came, and the slowest hundredth in under a second.</summary>
    public bool IsSustained => Delivered >= 0.97 * Offered && Latencies.Percentile(.99) < 1000;

    /// <summary>Publishes at a rate and measures, after a short warm-up at the same rate.</summary>
    public static async Task<Measurement> RunAsync(
        SystemUnderTest system, IReadOnlyList<ILoadClient> subscribers, Publishers publishers, LoadShape shape, double rate)
    {
        await QuietAsync(subscribers);
        await publishers.RunAsync(rate, TimeSpan.FromSeconds(2), shape.Bytes, shape.RoomOf);
        var latencies = new Latencies();
        foreach (var subscriber in subscribers)
            subscriber.Latencies = latencies;
        var (cpu, received, start) = (system.Cpu, subscribers.Sum(s => s.Received), Stopwatch.GetTimestamp());
        var sent = await publishers.RunAsync(rate, shape.Time, shape.Bytes, shape.RoomOf);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var delivered = subscribers.Sum(s => s.Received) - received;
        var used = system.Cpu - cpu;
        foreach (var subscriber in subscribers)
            subscriber.Latencies = null;
        return new Measurement(rate * shape.FanOut, delivered / seconds, used.TotalMicroseconds / Math.Max(1, delivered), latencies);
    }

    /// <summary>Waits until what an earlier run has left in the servers' queues is through, at most a minute.</summary>
    private static async Task QuietAsync(IReadOnlyList<ILoadClient> subscribers)
    {
        var start = Stopwatch.GetTimestamp();
        for (long before = -1, now = Sum(); now != before && Stopwatch.GetElapsedTime(start) < TimeSpan.FromMinutes(1); now = Sum())
        {
            before = now;
            await Task.Delay(500);
        }

        long Sum() => subscribers.Sum(s => s.Received);
    }

    /// <summary>
    /// Raises the rate by half until the servers do not keep up, then halves the gap four times. Returns the highest that they did keep up with,
    /// null if not even the first.
    /// </summary>
    public static async Task<Measurement?> HighestAsync(Func<double, Task<Measurement>> measureAsync, double from)
    {
        Measurement? best = null;
        var (sustained, missed) = (from, from);
        while (await SustainsAsync(missed))
            (sustained, missed) = (missed, missed * 1.5);

        for (var i = 0; i < 4 && best is not null; i++)
        {
            var between = (sustained + missed) / 2;
            if (await SustainsAsync(between))
                sustained = between;
            else
                missed = between;
        }

        return best;

        // A miss is only believed the second time: the machine may have been busy with something else.
        async Task<bool> SustainsAsync(double rate)
        {
            for (var attempt = 0; attempt < 2; attempt++)
            {
                var measured = await measureAsync(rate);
                if (!measured.IsSustained)
                    continue;
                best = measured;
                return true;
            }

            return false;
        }
    }
}

/// <summary>How messages are spread.</summary>
/// <param name="FanOut">Deliveries for each message.</param>
/// <param name="Bytes">Payload of each message.</param>
/// <param name="Time">Length of a measurement.</param>
/// <param name="RoomOf">The room of the n-th message.</param>
internal sealed record LoadShape(int FanOut, int Bytes, TimeSpan Time, Func<long, string> RoomOf);
