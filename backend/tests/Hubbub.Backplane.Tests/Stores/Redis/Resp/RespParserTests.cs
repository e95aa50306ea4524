using System.Buffers;
using System.Globalization;
using System.Text;
using Hubbub.Backplane.Stores.Redis.Resp;

namespace Hubbub.Backplane.Tests.Stores.Redis.Resp;

public sealed class RespParserTests
{
    private static readonly RespLimits Limits = new(MaxReplyBytes: 10_000, MaxElements: 100, MaxDepth: 3, MaxLineBytes: 200);

    [Theory]
    [InlineData("+OK\r\n", "+OK")]
    [InlineData("+\r\n", "+")]
    [InlineData("-ERR no\r\n", "-ERR no")]
    [InlineData(":0\r\n", ":0")]
    [InlineData(":-9223372036854775808\r\n", ":-9223372036854775808")]
    [InlineData("$0\r\n\r\n", "$")]
    [InlineData("$4\r\na\r\nb\r\n", "$a\r\nb")]
    [InlineData("$-1\r\n", "null")]
    [InlineData("*-1\r\n", "null")]
    [InlineData("*0\r\n", "[]")]
    [InlineData("*3\r\n:1\r\n*2\r\n$1\r\na\r\n*0\r\n$-1\r\n", "[:1 [$a []] null]")]
    public void A_reply_is_understood(string bytes, string expected) => Assert.Equal([expected], ParseAll(Bytes(bytes)));

    [Theory]
    [InlineData("hello\r\n")]
    [InlineData("\r\n")]
    [InlineData("%1\r\n")]
    [InlineData(":\r\n")]
    [InlineData(":+1\r\n")]
    [InlineData(":1x\r\n")]
    [InlineData(":9223372036854775808\r\n")]
    [InlineData("+OK\n")]
    [InlineData("$-2\r\n")]
    [InlineData("*-2\r\n")]
    [InlineData("$1\r\nab\r\n")]
    [InlineData("$1\r\na\n\n")]
    [InlineData("$10001\r\n")]
    [InlineData("*101\r\n")]
    [InlineData("*60\r\n*41\r\n")]
    [InlineData("*1\r\n*1\r\n*1\r\n*1\r\n")]
    [InlineData("*2\r\n$6000\r\n")]
    public void What_is_not_a_reply_within_the_limits_is_refused(string start)
    {
        // The last one needs its first body to reach the limit with the second.
        var bytes = start.StartsWith("*2\r\n$6000", StringComparison.Ordinal) ? start + new string('x', 6000) + "\r\n$6000\r\n" : start;

        Assert.Throws<RespProtocolException>(() => ParseAll(Bytes(bytes)));
    }

    [Fact]
    public void A_line_without_end_is_refused()
    {
        Assert.Throws<RespProtocolException>(() => ParseAll(Bytes("+" + new string('x', 500))));
        Assert.Throws<RespProtocolException>(() => ParseAll(Bytes(new string('1', 500))));
    }

    [Fact]
    public void Announced_sizes_count_against_the_limits_before_memory_is_taken()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var bytes in new[] { "$2147483647\r\n", "*2147483647\r\n", "$9223372036854775807\r\n", "*9223372036854775807\r\n" })
            Assert.Throws<RespProtocolException>(() => ParseAll(Bytes(bytes)));

        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
    }

    [Fact]
    public void Limits_begin_anew_with_each_reply()
    {
        var one = "*60\r\n" + string.Concat(Enumerable.Repeat("$100\r\n" + new string('x', 100) + "\r\n", 60));

        Assert.Equal(5, ParseAll(Bytes(string.Concat(Enumerable.Repeat(one, 5)))).Count);
    }

    [Fact]
    public void Replies_may_come_in_two_parts_split_anywhere()
    {
        var random = new Random(7);
        for (var round = 0; round < 20; round++)
        {
            var (bytes, expected) = Generate(random, replies: 3);
            for (var split = 0; split <= bytes.Length; split++)
                Assert.Equal(expected, ParseParts([bytes[..split], bytes[split..]]));
        }
    }

    [Fact]
    public void Replies_may_come_in_parts_of_any_size()
    {
        var random = new Random(11);
        for (var round = 0; round < 300; round++)
        {
            var (bytes, expected) = Generate(random, replies: 5);
            Assert.Equal(expected, ParseParts(bytes.Select(b => new[] { b })));
            Assert.Equal(expected, ParseParts(Cut(random, bytes)));
        }
    }

    /// <summary>Whatever comes: it ends, takes no more than there is, and throws nothing but its own exception.</summary>
    [Fact]
    public void Damaged_replies_do_no_harm()
    {
        var random = new Random(13);
        var refused = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var (bytes, _) = Generate(random, replies: 3);
            var damaged = Damage(random, bytes);
            try
            {
                ParseParts(Cut(random, damaged));
            }
            catch (RespProtocolException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1_000, 19_999);
    }

    [Fact]
    public void Noise_does_no_harm()
    {
        var random = new Random(17);
        var alphabet = "+-:$*0123456789\r\n\r\n\r\nab"u8.ToArray();
        for (var round = 0; round < 20_000; round++)
        {
            var noise = Enumerable.Range(0, random.Next(60)).Select(_ => alphabet[random.Next(alphabet.Length)]).ToArray();
            try
            {
                ParseParts(Cut(random, noise));
            }
            catch (RespProtocolException)
            {
                // As it should.
            }
        }
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static List<string> ParseAll(byte[] bytes) => ParseParts([bytes]);

    /// <summary>
    /// Feeds parts as a pipe does: what was not taken is offered again, together with what came after it, in several segments.
    /// </summary>
    private static List<string> ParseParts(IEnumerable<byte[]> parts)
    {
        var parser = new RespParser(Limits);
        var replies = new List<string>();
        var left = new List<byte[]>();
        foreach (var part in parts)
        {
            left.Add(part);
            var buffer = Segment.Sequence(left);
            while (true)
            {
                var offered = buffer.Length;
                var found = parser.TryRead(ref buffer, out var reply);
                Assert.InRange(buffer.Length, 0, offered);
                if (!found)
                    break;
                Assert.True(buffer.Length < offered, "a reply has at least one byte");
                replies.Add(Describe(reply));
            }

            left = buffer.IsEmpty ? [] : [buffer.ToArray()];
        }

        return replies;
    }

    private static string Describe(RespValue value) => value.Kind switch
    {
        RespKind.Null => "null",
        RespKind.SimpleString => "+" + value.AsText(),
        RespKind.Error => "-" + value.Error,
        RespKind.Integer => ":" + value.AsInteger().ToString(CultureInfo.InvariantCulture),
        RespKind.Bulk => "$" + Encoding.Latin1.GetString(value.AsBytes()),
        _ => "[" + string.Join(' ', value.AsArray().Select(Describe)) + "]",
    };

    private static (byte[] Bytes, List<string> Expected) Generate(Random random, int replies)
    {
        var bytes = new List<byte>();
        var expected = new List<string>();
        for (var i = 0; i < replies; i++)
            expected.Add(Generate(random, bytes, depth: 0));
        return ([.. bytes], expected);
    }

    private static string Generate(Random random, List<byte> bytes, int depth)
    {
        switch (random.Next(depth < 3 ? 7 : 6))
        {
            case 0:
                bytes.AddRange(Bytes("$-1\r\n"));
                return "null";
            case 1:
                var text = "x" + random.Next();
                bytes.AddRange(Bytes($"+{text}\r\n"));
                return "+" + text;
            case 2:
                bytes.AddRange(Bytes($"-ERR {depth}\r\n"));
                return $"-ERR {depth}";
            case 3:
                var number = random.NextInt64(long.MinValue, long.MaxValue);
                bytes.AddRange(Bytes(string.Create(CultureInfo.InvariantCulture, $":{number}\r\n")));
                return string.Create(CultureInfo.InvariantCulture, $":{number}");
            case 4 or 5:
                var body = new byte[random.Next(40)];
                random.NextBytes(body);
                bytes.AddRange(Bytes($"${body.Length}\r\n"));
                bytes.AddRange(body);
                bytes.AddRange(Bytes("\r\n"));
                return "$" + Encoding.Latin1.GetString(body);
            default:
                var count = random.Next(4);
                bytes.AddRange(Bytes($"*{count}\r\n"));
                return "[" + string.Join(' ', Enumerable.Range(0, count).Select(_ => Generate(random, bytes, depth + 1))) + "]";
        }
    }

    private static IEnumerable<byte[]> Cut(Random random, byte[] bytes)
    {
        for (var start = 0; start < bytes.Length;)
        {
            var length = Math.Min(random.Next(1, 20), bytes.Length - start);
            yield return bytes[start..(start + length)];
            start += length;
        }
    }

    private static byte[] Damage(Random random, byte[] bytes)
    {
        var damaged = bytes.ToList();
        for (var i = random.Next(1, 4); i > 0 && damaged.Count > 0; i--)
        {
            var at = random.Next(damaged.Count);
            switch (random.Next(4))
            {
                case 0:
                    damaged[at] = (byte)random.Next(256);
                    break;
                case 1:
                    damaged.RemoveAt(at);
                    break;
                case 2:
                    damaged.Insert(at, (byte)"0123456789-\r\n*$"[random.Next(15)]);
                    break;
                default:
                    damaged.RemoveRange(at, random.Next(damaged.Count - at));
                    break;
            }
        }

        return [.. damaged];
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public static ReadOnlySequence<byte> Sequence(List<byte[]> parts)
        {
            if (parts.Count == 0)
                return ReadOnlySequence<byte>.Empty;
            var first = new Segment { Memory = parts[0] };
            var last = first;
            foreach (var part in parts.Skip(1))
            {
                var next = new Segment { Memory = part, RunningIndex = last.RunningIndex + last.Memory.Length };
                last.Next = next;
                last = next;
            }

            return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
        }
    }
}
