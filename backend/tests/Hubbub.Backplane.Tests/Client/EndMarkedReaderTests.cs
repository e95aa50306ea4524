using System.Buffers;
using System.IO.Pipelines;
using Hubbub.Backplane.Client;

namespace Hubbub.Backplane.Tests.Client;

/// <summary>However the input ends, the mark comes first, once, and what was to come of the end comes after it.</summary>
public sealed class EndMarkedReaderTests
{
    private readonly Pipe _pipe = new();
    private readonly EndMarkedReader _reader;

    public EndMarkedReaderTests() => _reader = new EndMarkedReader(_pipe.Reader);

    [Fact]
    public async Task An_end_after_the_last_message()
    {
        await WriteAsync(1, 2, 3);
        Assert.Equal(3, await TakeAsync(3));
        await _pipe.Writer.CompleteAsync();
        await ExpectMarkAsync();
        Assert.True((await ReadAsync()).IsCompleted);
    }

    [Fact]
    public async Task An_end_together_with_the_last_message()
    {
        await WriteAsync(1, 2, 3);
        await _pipe.Writer.CompleteAsync();
        Assert.Equal(3, await TakeAsync(3));
        await ExpectMarkAsync();
        var end = await ReadAsync();
        Assert.True(end is { IsCompleted: true, Buffer.IsEmpty: true });
    }

    [Fact]
    public async Task An_end_in_the_middle_of_a_message()
    {
        await WriteAsync(1, 2, 3);
        await _pipe.Writer.CompleteAsync();
        Assert.Equal(3, await TakeAsync(1));
        Assert.Equal(2, await TakeAsync(0));
        await ExpectMarkAsync();
        var end = await ReadAsync();
        Assert.True(end.IsCompleted);
        Assert.Equal([2, 3], end.Buffer.ToArray());
    }

    [Fact]
    public async Task A_failure()
    {
        await _pipe.Writer.CompleteAsync(new IOException("cut"));
        await ExpectMarkAsync();
        Assert.Equal("cut", (await Assert.ThrowsAsync<IOException>(async () => await ReadAsync())).Message);
    }

    [Fact]
    public async Task A_read_that_is_cancelled_with_something_left()
    {
        await WriteAsync(1, 2);
        Assert.Equal(2, await TakeAsync(0));
        var read = ReadAsync();
        _reader.CancelPendingRead();
        Assert.True(IsMark(await read));
        var end = await ReadAsync();
        Assert.True(end.IsCanceled);
        _reader.AdvanceTo(end.Buffer.Start, end.Buffer.End);
    }

    private async Task ExpectMarkAsync() => Assert.True(IsMark(await ReadAsync()));

    private bool IsMark(ReadResult read)
    {
        Assert.False(read.IsCompleted || read.IsCanceled);
        var buffer = read.Buffer;
        var isMark = EndMarkedReader.TryTakeMark(ref buffer);
        Assert.True(buffer.IsEmpty);
        Assert.False(EndMarkedReader.TryTakeMark(ref buffer), "The mark is there once.");
        _reader.AdvanceTo(buffer.Start, buffer.End);
        return isMark;
    }

    /// <summary>Reads, takes so many bytes, and returns how many there were.</summary>
    private async Task<long> TakeAsync(int count)
    {
        var read = await ReadAsync();
        Assert.False(read.IsCompleted || read.IsCanceled);
        var buffer = read.Buffer;
        Assert.False(EndMarkedReader.TryTakeMark(ref buffer));
        _reader.AdvanceTo(buffer.GetPosition(count), buffer.End);
        return buffer.Length;
    }

    private async Task<ReadResult> ReadAsync() => await _reader.ReadAsync(TestContext.Current.CancellationToken);

    private async Task WriteAsync(params byte[] bytes) => await _pipe.Writer.WriteAsync(bytes, TestContext.Current.CancellationToken);
}
