using Hubbub.Server.Platform;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;

namespace Hubbub.Server.Tests.Platform;

public sealed partial class LogRedactionTests
{
    private readonly List<(string? Text, string Values, bool HasException)> _exported = [];

    [Fact]
    public void A_line_for_developers_loses_its_values_and_its_exception()
    {
        Write(logger => Log.Received(logger, "a text", new InvalidOperationException("a text")));
        Assert.Equal(("Received {Call}", "{OriginalFormat}=Received {Call}", false), Assert.Single(_exported));
    }

    [Fact]
    public void A_line_for_operators_keeps_them()
    {
        Write(logger => Log.Failed(logger, "r1", new InvalidOperationException()));
        Assert.Equal(("Replica {Replica} failed", "Replica=r1 {OriginalFormat}=Replica {Replica} failed", true), Assert.Single(_exported));
    }

    [Fact]
    public void A_finished_sentence_gives_way_to_its_events_name_and_a_query_is_left_out()
    {
        var request = new List<KeyValuePair<string, object?>> { new("Path", "/chatHub"), new("QueryString", "?id=secret") };
        var starting = new EventId(1, "RequestStarting");
        Write(logger => logger.Log(LogLevel.Information, starting, request, null, (_, _) => "Request starting /chatHub?id=secret"));
        Assert.Equal(("RequestStarting", "Path=/chatHub", false), Assert.Single(_exported));
    }

    private void Write(Action<ILogger> write)
    {
        using var keep = new Keep(_exported);
        using var loggers = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Trace).AddOpenTelemetry(options =>
        {
            options.IncludeFormattedMessage = true;
            options.AddProcessor(new LogRedaction()).AddProcessor(keep);
        }));
        write(loggers.CreateLogger("test"));
    }

    private sealed class Keep(List<(string? Text, string Values, bool HasException)> exported) : BaseProcessor<LogRecord>
    {
        public override void OnEnd(LogRecord data) => exported.Add((
            data.FormattedMessage ?? data.Body, string.Join(' ', data.Attributes?.Select(a => $"{a.Key}={a.Value}") ?? []), data.Exception is not null));
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "Received {Call}", EventName = "Received")]
        public static partial void Received(ILogger logger, string call, Exception exception);

        [LoggerMessage(2, LogLevel.Error, "Replica {Replica} failed", EventName = "Failed")]
        public static partial void Failed(ILogger logger, string replica, Exception exception);
    }
}
