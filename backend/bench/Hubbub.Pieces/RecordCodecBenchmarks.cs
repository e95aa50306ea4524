using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Hubbub.Backplane.Log;

namespace Hubbub.Pieces;

/// <summary>A record to bytes and back, against System.Text.Json doing the same with the same record.</summary>
[MemoryDiagnoser]
public class RecordCodecBenchmarks
{
    private LogRecord _record = null!;
    private byte[] _bytes = null!;
    private byte[] _json = null!;

    /// <summary>Bytes of the message in the record.</summary>
    [Params(100, 4000)]
    public int Size { get; set; }

    /// <summary>Makes the record.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        _record = Samples.GroupMessage(Size);
        _bytes = RecordCodec.Encode(_record);
        _json = JsonSerializer.SerializeToUtf8Bytes(_record);
    }

    /// <summary>The baseline of writing.</summary>
    [Benchmark(Baseline = true)]
    public byte[] JsonEncode() => JsonSerializer.SerializeToUtf8Bytes(_record);

    /// <summary>The codec's way.</summary>
    [Benchmark]
    public byte[] Encode() => RecordCodec.Encode(_record);

    /// <summary>The baseline of reading.</summary>
    [Benchmark]
    public object? JsonDecode() => JsonSerializer.Deserialize<LogRecord>(_json);

    /// <summary>The codec's way.</summary>
    [Benchmark]
    public object Decode() => RecordCodec.Decode(_bytes);
}
