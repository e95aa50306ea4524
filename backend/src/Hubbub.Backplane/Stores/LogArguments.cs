using System.Text;
using Hubbub.Backplane.Log;

namespace Hubbub.Backplane.Stores;

/// <summary>
/// What every store demands of its callers, so that a name or a body which one store takes is taken by all of them.
/// A violation is the caller's mistake and leaves as <see cref="ArgumentException"/>.
/// </summary>
internal static class LogArguments
{
    public const int MaxStreamLength = 256;
    public const int MaxProducerLength = 64;
    public const int MaxKeyLength = 256;
    public const int MaxBodyBytes = 16 * 1024 * 1024;
    public const int MaxBatchBytes = 64 * 1024 * 1024;
    public const int MaxBatchRecords = 65_536;

    /// <summary>A read stops before the record that would take it past this many bytes.</summary>
    public const int MaxReadBytes = 1024 * 1024;

    /// <summary>A read that asks for more gets at most this many.</summary>
    public const int MaxReadRecords = 4096;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static void CheckStream(string stream) => CheckText(stream, MaxStreamLength, nameof(stream));

    public static void CheckBatch(AppendBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        CheckText(batch.ProducerId, MaxProducerLength, nameof(batch));
        if (batch.Sequence < 1)
            throw new ArgumentException($"A producer's sequence starts from 1, this is {batch.Sequence}.", nameof(batch));
        CheckRecords(batch.Records);
    }

    /// <summary>Checks what is stored together, also before it goes into a batch with the records of others, which would fail with it.</summary>
    public static void CheckRecords(IReadOnlyList<NewRecord> records)
    {
        if (records is not { Count: >= 1 and <= MaxBatchRecords })
            throw new ArgumentException($"A batch has 1 to {MaxBatchRecords} records.", nameof(records));

        var bytes = 0L;
        for (var i = 0; i < records.Count; i++)
        {
            var record = records[i];
            if (record.Key is not null)
                CheckText(record.Key, MaxKeyLength, nameof(records));
            if (record.Body.Length > MaxBodyBytes)
                throw new ArgumentException($"A record has at most {MaxBodyBytes} bytes, this one has {record.Body.Length}.", nameof(records));
            bytes += record.Body.Length;
        }

        if (bytes > MaxBatchBytes)
            throw new ArgumentException($"A batch has at most {MaxBatchBytes} bytes, this one has {bytes}.", nameof(records));
    }

    public static int CheckMaxRecords(int maxRecords)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRecords, 1);
        return Math.Min(maxRecords, MaxReadRecords);
    }

    private static void CheckText(string text, int maxLength, string parameter)
    {
        ArgumentException.ThrowIfNullOrEmpty(text, parameter);
        if (text.Length > maxLength)
            throw new ArgumentException($"A name has at most {maxLength} characters, this one has {text.Length}.", parameter);

        // PostgreSQL's text cannot hold a NUL; half a surrogate pair would become the same replacement character as any other half.
        if (text.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException("A name must not contain the character NUL.", parameter);
        try
        {
            StrictUtf8.GetByteCount(text);
        }
        catch (EncoderFallbackException e)
        {
            throw new ArgumentException("A name must be well-formed Unicode.", parameter, e);
        }
    }
}
