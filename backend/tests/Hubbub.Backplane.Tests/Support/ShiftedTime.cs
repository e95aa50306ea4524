namespace Hubbub.Backplane.Tests.Support;

/// <summary>A clock that runs like the others but is set wrong.</summary>
internal sealed class ShiftedTime(TimeSpan shift) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + shift;
}
