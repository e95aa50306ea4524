using Microsoft.AspNetCore.Http.Connections.Features;
using Microsoft.AspNetCore.SignalR;

namespace Hubbub.Backplane.Resuming;

/// <summary>What a client that wants to resume adds to the hub's URL.</summary>
/// <param name="Cursor">The last cursor it saw; empty for a client that comes for the first time.</param>
/// <param name="Previous">The id of the connection that this one replaces; empty if there was none.</param>
internal sealed record ResumeRequest(string Cursor, string Previous)
{
    /// <summary>Longer ids are not looked at.</summary>
    private const int MaxIdLength = 128;

    /// <summary>Null if the client does not want to resume.</summary>
    public static ResumeRequest? From(HubConnectionContext connection)
    {
        var query = connection.Features.Get<IHttpContextFeature>()?.HttpContext?.Request.Query;
        if (query is null || !query.TryGetValue("cursor", out var cursor))
            return null;

        var previous = query["previous"].ToString();
        return new ResumeRequest(cursor.ToString(), previous.Length <= MaxIdLength ? previous : "");
    }
}
