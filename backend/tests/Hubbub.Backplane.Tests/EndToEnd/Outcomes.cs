using System.Threading.Channels;
using Hubbub.Backplane.Tests.Support;

namespace Hubbub.Backplane.Tests.EndToEnd;

/// <summary>How calls within a hub ended, for a test to look at.</summary>
public sealed class Outcomes
{
    private readonly Channel<Exception?> _noted = Channel.CreateUnbounded<Exception?>();

    public void Note(Exception? outcome) => _noted.Writer.TryWrite(outcome);

    /// <summary>The next one: null if the call succeeded.</summary>
    public Task<Exception?> NextAsync() => _noted.Reader.ReadAsync().AsTask().WaitAsync(Eventually.Limit);
}
