namespace Hubbub.Backplane.Tests.Support;

/// <summary>Waits for a condition that another thread brings about.</summary>
internal static class Eventually
{
    public static async Task TrueAsync(Func<bool> condition, string what)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            Assert.False(timeout.IsCancellationRequested, $"Waited 30 s in vain: {what}");
            await Task.Delay(10, CancellationToken.None);
        }
    }
}
