using OpenTelemetry;
using OpenTelemetry.Logs;

namespace Hubbub.Server.Platform;

/// <summary>
/// Takes out of exported log lines what may be a secret or a person's text, whatever levels are switched on. The console is not changed by it.
/// </summary>
internal sealed class LogRedaction : BaseProcessor<LogRecord>
{
    private const string Template = "{OriginalFormat}";

    // Part of the server's own request log: a hub's URL has the connection's token in its query.
    private const string Query = "QueryString";

    /// <inheritdoc />
    public override void OnEnd(LogRecord data)
    {
        // The text without its values. What has no template would be exported as the finished sentence.
        data.Body = data.Attributes?.FirstOrDefault(a => a.Key == Template).Value as string ?? data.EventId.Name;
        data.FormattedMessage = null;
        if (data.LogLevel < LogLevel.Information)
        {
            // SignalR's lines for developers hold the arguments of calls.
            data.Attributes = [.. data.Attributes?.Where(a => a.Key == Template) ?? []];
            data.Exception = null;
        }
        else if (data.Attributes?.Any(a => a.Key == Query) is true)
        {
            data.Attributes = [.. data.Attributes.Where(a => a.Key != Query)];
        }
    }
}
