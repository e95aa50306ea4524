using System.Buffers;
using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using Hubbub.Backplane.Stores.Redis.Resp;

namespace Hubbub.Pieces;

/// <summary>A reply of Redis to a read of so many records, against splitting the same bytes into lines only.</summary>
[MemoryDiagnoser]
public class RespParserBenchmarks
{
    private readonly RespParser _parser = new(RespLimits.Default);
    private ReadOnlySequence<byte> _reply;

    /// <summary>Records in the reply.</summary>
    [Params(1, 500)]
    public int Records { get; set; }

    /// <summary>Makes the reply.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"*{4 + Records}\r\n$4\r\nabcd\r\n:1\r\n:{Records}\r\n:1\r\n");
        for (var i = 0; i < Records; i++)
            text.Append(CultureInfo.InvariantCulture, $"$200\r\n{new string('x', 200)}\r\n");
        _reply = new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes(text.ToString()));
    }

    /// <summary>The baseline.</summary>
    [Benchmark(Baseline = true)]
    public int SplitLines()
    {
        var reader = new SequenceReader<byte>(_reply);
        var lines = 0;
        while (reader.TryReadTo(out ReadOnlySpan<byte> _, "\r\n"u8))
            lines++;
        return lines;
    }

    /// <summary>The parser.</summary>
    [Benchmark]
    public bool Parse()
    {
        var buffer = _reply;
        return _parser.TryRead(ref buffer, out _);
    }
}
