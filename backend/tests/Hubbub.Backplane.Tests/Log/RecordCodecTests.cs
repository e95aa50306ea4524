using System.Security.Cryptography;
using Hubbub.Backplane.Log;

namespace Hubbub.Backplane.Tests.Log;

public sealed class RecordCodecTests
{
    private static readonly LogRecord Full = new()
    {
        Kind = RecordKind.Group,
        Tag = 0xfedcba98,
        Time = new DateTimeOffset(2026, 2, 3, 4, 5, 6, 789, TimeSpan.Zero),
        Origin = "replica",
        Target = "a group named *, {x} and \U0001F600",
        Group = "g",
        OnlyOn = "other",
        Excluded = ["one", "two", ""],
        Messages = [new WireMessage("json", new byte[] { 1, 2, 0x1e, 255 }), new WireMessage("other", RandomNumberGenerator.GetBytes(200_000))],
    };

    [Fact]
    public void A_record_comes_back_as_it_was()
    {
        var bytes = RecordCodec.Encode(Full);
        var decoded = RecordCodec.Decode(bytes);
        Assert.Equivalent(Full with { Messages = [] }, decoded with { Messages = [] }, strict: true);
        Assert.Equal(Full.Messages.Select(m => m.Protocol), decoded.Messages.Select(m => m.Protocol));
        Assert.All(Full.Messages.Zip(decoded.Messages), pair => Assert.True(pair.First.Bytes.Span.SequenceEqual(pair.Second.Bytes.Span)));
        Assert.Equal((Full.Tag, Full.Time), (RecordCodec.TagOf(bytes), RecordCodec.TimeOf(bytes)));
    }

    [Fact]
    public void What_a_later_version_adds_at_the_end_is_ignored()
    {
        var decoded = RecordCodec.Decode(RecordCodec.Encode(Full).Concat(new byte[] { 9, 9, 9 }).ToArray());
        Assert.Equal(Full.Target, decoded.Target);
    }

    [Fact]
    public void A_trace_context_comes_last_where_older_readers_ignore_it()
    {
        var context = RandomNumberGenerator.GetBytes(TraceContext.Length);
        var (untraced, traced) = (RecordCodec.Encode(Full), RecordCodec.Encode(Full with { TraceContext = context }));
        Assert.Equal(untraced, traced[..untraced.Length]);
        Assert.Equal(untraced.Length + 1 + TraceContext.Length, traced.Length);
        Assert.Equal(context, RecordCodec.Decode(traced).TraceContext);
        Assert.Null(RecordCodec.Decode(untraced).TraceContext);
        Assert.All(Enumerable.Range(untraced.Length, TraceContext.Length), length => Assert.Null(RecordCodec.Decode(traced.AsMemory(0, length)).TraceContext));
        Assert.Equal(context, RecordCodec.Decode(traced.Concat(new byte[] { 9, 9, 9 }).ToArray()).TraceContext);
    }

    [Fact]
    public void A_trace_context_without_ids_is_none()
    {
        Assert.Null(TraceContext.Read(new byte[TraceContext.Length]));
        Assert.Null(TraceContext.Read([]));
    }

    [Fact]
    public void Another_format_version_is_refused()
    {
        var bytes = RecordCodec.Encode(Full);
        bytes[0] = 2;
        Assert.Throws<InvalidDataException>(() => RecordCodec.Decode(bytes));
    }

    [Fact]
    public void A_record_cut_anywhere_is_refused_and_never_overread()
    {
        var bytes = RecordCodec.Encode(Full with { Messages = [new WireMessage("json", new byte[20])] });
        for (var length = 0; length < bytes.Length; length++)
            Assert.Throws<InvalidDataException>(() => RecordCodec.Decode(bytes.AsMemory(0, length)));
    }

    [Fact]
    public void Damaged_bytes_are_refused_or_read_but_never_crash_the_reader()
    {
        var random = new Random(20260203);
        var whole = RecordCodec.Encode(Full with { Messages = [new WireMessage("json", new byte[50])] });
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = whole.ToArray();
            for (var n = random.Next(1, 6); n > 0; n--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            try
            {
                RecordCodec.Decode(bytes);
            }
            catch (InvalidDataException)
            {
                // The only way out.
            }
        }
    }
}
