using Hubbub.Backplane;

namespace Hubbub.Server.Platform;

/// <summary>The position where there is no log: always empty, so nobody can resume from it.</summary>
internal sealed class NoLogPosition<THub> : ILogPosition<THub>
{
    /// <inheritdoc />
    public string Current => "";
}
