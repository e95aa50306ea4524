using System.Runtime.Serialization;

namespace Hubbub.Backplane.Client;

/// <summary>The argument of the call <c>Backplane</c>. Public, because MessagePack's resolvers make formatters for public types only.</summary>
/// <param name="IsAway">True while the replica does not reach the log.</param>
[DataContract]
public sealed record BackplaneState([property: DataMember(Name = "isAway")] bool IsAway);
