using System.Diagnostics;
using Hubbub.Backplane.Log;

namespace Hubbub.Backplane.Tests.Support;

/// <summary>Waits for what is to happen, for half a minute at most.</summary>
internal static class Eventually
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    public static async Task IsTrueAsync(Func<bool> condition, string what) =>
        await IsTrueAsync(() => Task.FromResult(condition()), what);

    public static async Task IsTrueAsync(Func<Task<bool>> condition, string what)
    {
        var start = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Limit, $"within {Limit}: {what}");
            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Repeats a call while the store is away, as every user of a log does.</summary>
    public static async Task<T> AvailableAsync<T>(Func<ValueTask<T>> call)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return await call();
            }
            catch (MessageLogUnavailableException) when (Stopwatch.GetElapsedTime(start) < Limit)
            {
                await Task.Delay(Pause, TestContext.Current.CancellationToken);
            }
        }
    }
}
