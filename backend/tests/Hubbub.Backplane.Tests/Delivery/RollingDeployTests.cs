using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Hubbub.Backplane.Log;
using Hubbub.Backplane.Resuming;
using Hubbub.Backplane.Stores.InMemory;
using Hubbub.Backplane.Tests.Support;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Hubbub.Backplane.Tests.Delivery;

/// <summary>Records of later versions, and records that are damaged: passed over and counted, while those around them arrive.</summary>
public sealed class RollingDeployTests : IAsyncLifetime
{
    private readonly InMemoryMessageLog _log = new();
    private readonly LogLines _lines = new();
    private readonly string _stream = "rolling:" + typeof(TestHub).FullName;
    private Replica _replica = null!;
    private SeenMetrics _seen = null!;
    private long _sequence;

    /// <inheritdoc />
    public ValueTask InitializeAsync()
    {
        _replica = new Replica(_log, "rolling:", protocols: [new JsonHubProtocol(), new FussyProtocol()], loggers: _lines);
        _seen = new SeenMetrics(_replica.Meter);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _seen.Dispose();
        await _replica.DisposeAsync();
    }

    [Fact]
    public async Task A_record_of_a_later_format_is_passed_over_counted_and_logged()
    {
        var later = Say("Later");
        later[0]++;
        await ExpectNeighboursAsync(later);
        Assert.Equal(1, _seen.Sum("hubbub.backplane.records.skipped", "unreadable"));
        Assert.Equal("UnreadableRecord", Assert.Single(_lines.Events));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(13)]
    [InlineData(200)]
    [InlineData(255)]
    public async Task A_record_of_an_unknown_kind_is_passed_over_and_counted(byte kind)
    {
        var unknown = Say("Unknown");
        unknown[1] = kind;
        await ExpectNeighboursAsync(unknown);
        Assert.Equal(1, _seen.Sum("hubbub.backplane.records.skipped", "unknown"));
        Assert.Empty(_lines.Events);
    }

    [Fact]
    public async Task What_a_later_version_adds_to_a_record_does_not_hide_the_rest()
    {
        var client = await _replica.ConnectAsync();
        await AppendAsync([.. Say("Longer"), 1, 2, 3]);
        await client.ExpectAsync("Longer");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(13)]
    [InlineData(20)]
    public async Task A_damaged_record_is_passed_over_counted_and_logged(int length)
    {
        await ExpectNeighboursAsync(Say("Damaged")[..length]);
        Assert.Equal(1, _seen.Sum("hubbub.backplane.records.skipped", "unreadable"));
        Assert.Equal("UnreadableRecord", Assert.Single(_lines.Events));
    }

    [Fact]
    public async Task A_client_comes_back_across_records_that_cannot_be_read()
    {
        var client = await _replica.ResumeAsync("");
        var cursor = (await client.NextAsync()).Cursor;
        await client.EndAsync(_replica.Manager);
        var later = Say("Later");
        later[0]++;
        var witness = await _replica.ConnectAsync();
        await AppendAsync(Say("Before"), later, [], Say("After"));
        await witness.ExpectAsync("Before");
        await witness.ExpectAsync("After");

        await using var fresh = new Replica(_log, "rolling:");
        await fresh.ConnectAsync();
        foreach (var replica in new[] { _replica, fresh })
        {
            var back = await replica.ResumeAsync(cursor);
            await back.ExpectAsync("Resumed", new Resumption(true, 2, null));
            await back.ExpectAsync("Before");
            await back.ExpectAsync("After");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("a protocol of a later version")]
    [InlineData(FussyProtocol.ProtocolName)]
    public async Task A_result_that_cannot_be_read_fails_its_call_and_nothing_else(string protocol)
    {
        await using var owner = new Replica(_log, "rolling:");
        var (client, witness) = (await owner.ConnectAsync(), await _replica.ConnectAsync());
        var result = _replica.Manager.InvokeConnectionAsync<int>(client.Id, "Add", [], default);
        var call = await client.ExpectAsync("Add");

        var me = RecordCodec.Decode((await _log.ReadAsync(_stream, 0, 1, default)).Entries[0].Body).Origin;
        var unreadable = Of(RecordKind.InvokeResult) with
        {
            InvocationId = call.InvocationId!,
            OnlyOn = me,
            Messages = protocol.Length > 0 ? [new WireMessage(protocol, new byte[] { 1, 2, 3 })] : [],
        };
        await AppendAsync(RecordCodec.Encode(unreadable), Say("Behind"));
        Assert.Equal("The result could not be read.", (await Assert.ThrowsAsync<HubException>(() => result)).Message);
        await witness.ExpectAsync("Behind");
    }

    /// <summary>Puts a record between two good ones, in one batch and so in one read.</summary>
    private async Task ExpectNeighboursAsync(byte[] record)
    {
        var client = await _replica.ConnectAsync();
        await AppendAsync(Say("Before"), record, Say("After"));
        await client.ExpectAsync("Before");
        await client.ExpectAsync("After");
        await _replica.Manager.SendAllAsync("Next", []);
        await client.ExpectAsync("Next");
    }

    private async Task AppendAsync(params byte[][] records) =>
        await _log.AppendAsync(_stream, new AppendBatch("stranger", ++_sequence, [.. records.Select(r => new NewRecord(r, null))]), default);

    private static byte[] Say(string target) => RecordCodec.Encode(Of(RecordKind.All) with
    {
        Messages = [new WireMessage("json", new JsonHubProtocol().GetMessageBytes(new InvocationMessage(target, [])))],
    });

    private static LogRecord Of(RecordKind kind) => new() { Kind = kind, Tag = 1, Time = TimeProvider.System.GetUtcNow(), Origin = "stranger" };

    /// <summary>Throws what no protocol of the framework throws.</summary>
    private sealed class FussyProtocol : IHubProtocol
    {
        public const string ProtocolName = "fussy";

        public string Name => ProtocolName;

        public int Version => 1;

        public TransferFormat TransferFormat => TransferFormat.Binary;

        public bool IsVersionSupported(int version) => true;

        public ReadOnlyMemory<byte> GetMessageBytes(HubMessage message) => default;

        public void WriteMessage(HubMessage message, IBufferWriter<byte> output)
        {
        }

        public bool TryParseMessage(ref ReadOnlySequence<byte> input, IInvocationBinder binder, [NotNullWhen(true)] out HubMessage? message) =>
            throw new KeyNotFoundException("I do not like this.");
    }
}
