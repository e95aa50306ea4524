namespace Hubbub.Server.Platform;

/// <summary>A hub that tells its callers in words of its own that it cannot serve them just now.</summary>
internal interface IFailsInWords
{
    /// <summary>The code of the contract, a colon, and a sentence.</summary>
    static abstract string Unavailable { get; }
}
