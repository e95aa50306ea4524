namespace Hubbub.Backplane.Log;

/// <summary>What became of an append.</summary>
/// <param name="Extent">Where the stream stands after it. If its epoch or incarnation is not the one that the batch names, nothing was stored.</param>
/// <param name="StoredAll">
/// True if this call has stored every record of the batch: they are the last ones, up to <see cref="LogExtent.Tail"/>. False if some were
/// there already, if nothing was stored, or if the store cannot tell.
/// </param>
public sealed record AppendResult(LogExtent Extent, bool StoredAll);
