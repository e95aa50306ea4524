using System.Text.Json;

namespace Hubbub.Backplane.Tests.EndToEnd;

/// <summary>A call of the server to its client.</summary>
/// <param name="Target">The client's method.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="InvocationId">Not null if the server waits for a result.</param>
/// <param name="Cursor">The header <c>cursor</c>.</param>
internal sealed record ServerCall(string Target, IReadOnlyList<JsonElement> Arguments, string? InvocationId, string? Cursor);
