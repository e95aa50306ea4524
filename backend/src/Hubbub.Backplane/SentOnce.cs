namespace Hubbub.Backplane;

/// <summary>
/// The <see cref="IIdempotentPayload"/> of a client call that has no argument to carry a key: the backplane takes the key and leaves the
/// argument out, so the client's method is called without it.
/// </summary>
/// <param name="IdempotencyKey">What makes the call unique; 1 to 128 characters.</param>
public sealed record SentOnce(string IdempotencyKey) : IIdempotentPayload;
