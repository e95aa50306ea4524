namespace Hubbub.Backplane;

/// <summary>
/// An argument of a client call that may be sent more than once, for instance by an outbox after a crash. A second send of the same
/// key to the same audience is stored and delivered only once, for as long as the first one is kept in the log.
/// </summary>
public interface IIdempotentPayload
{
    /// <summary>What makes the payload unique; 1 to 128 characters.</summary>
    string IdempotencyKey { get; }
}
