#if MICROSOFT_REDIS_BACKPLANE
using Hubbub.Backplane;

namespace Hubbub.Server.Platform;

/// <summary>There is no log, so nobody can resume.</summary>
internal sealed class NoLogPosition<THub> : ILogPosition<THub>
{
    /// <inheritdoc />
    public string Current => "";
}
#endif
