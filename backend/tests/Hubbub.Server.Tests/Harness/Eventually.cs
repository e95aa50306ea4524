namespace Hubbub.Server.Tests.Harness;

/// <summary>Waits on conditions.</summary>
internal static class Eventually
{
    /// <summary>How long a test waits for something that has to happen.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    /// <summary>Returns when the condition holds; fails the test if it does not in time.</summary>
    public static async Task TrueAsync(Func<Task<bool>> condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        while (!await condition())
        {
            Assert.False(patience.IsCancellationRequested, $"The condition did not hold within {Patience}");
            await Task.Delay(Step, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Returns the value once it is the one expected; fails the test, showing the last value, if it is not in time.</summary>
    public static async Task EqualAsync<T>(T expected, Func<Task<T>> read)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var actual = await read();
            if (EqualityComparer<T>.Default.Equals(expected, actual))
                return;
            if (TimeProvider.System.GetElapsedTime(began) > Patience)
                Assert.Equal(expected, actual);
            await Task.Delay(Step, TestContext.Current.CancellationToken);
        }
    }
}
