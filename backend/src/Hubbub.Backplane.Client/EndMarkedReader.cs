using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.InteropServices;

namespace Hubbub.Backplane.Client;

/// <summary>
/// Reads from another reader and, before it says that there is no more or that the read was cancelled, gives a mark to read. <see cref="ResumingProtocol"/> takes the
/// mark for a message.
/// </summary>
internal sealed class EndMarkedReader(PipeReader inner) : PipeReader
{
    // Known by being this array, not by what is in it.
    private static readonly byte[] Mark = [0];

    private Func<ReadResult>? _end;
    private bool _isMarkRead;
    private long _left = -1;

    /// <summary>Takes the mark off the input, if that is what it is.</summary>
    public static bool TryTakeMark(ref ReadOnlySequence<byte> input)
    {
        if (input.IsEmpty || !MemoryMarshal.TryGetArray(input.First, out var segment) || !ReferenceEquals(segment.Array, Mark))
            return false;
        input = input.Slice(input.End);
        return true;
    }

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (_end is not null)
            return AtEnd();
        try
        {
            return Given(await inner.ReadAsync(cancellationToken));
        }
#pragma warning disable CA1031 // It is thrown again once the mark is read.
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            var failure = System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(e);
            _end = () =>
            {
                failure.Throw();
                return default;
            };
            return AtEnd();
        }
    }

    public override bool TryRead(out ReadResult result)
    {
        if (_end is not null)
        {
            result = AtEnd();
            return true;
        }

        var isRead = inner.TryRead(out result);
        if (isRead)
            result = Given(result);
        return isRead;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (ReferenceEquals(consumed.GetObject(), Mark) || ReferenceEquals(examined.GetObject(), Mark))
            return;
        inner.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    private ReadResult Given(ReadResult read)
    {
        if (read.IsCanceled || (read.IsCompleted && (read.Buffer.IsEmpty || read.Buffer.Length == _left)))
        {
            // What the last read left is no whole message, and no more comes; the reader has to hear of that as it is.
            _end = () => read;
            return AtEnd();
        }

        // The last messages and the end at once: the end is said at the next read.
        if (read.IsCompleted)
        {
            _left = read.Buffer.Length;
            return new ReadResult(read.Buffer, isCanceled: false, isCompleted: false);
        }

        return read;
    }

    private ReadResult AtEnd()
    {
        if (_isMarkRead)
            return _end!();
        _isMarkRead = true;
        return new ReadResult(new ReadOnlySequence<byte>(Mark), isCanceled: false, isCompleted: false);
    }
}
