namespace Hubbub.Server.Tests.Harness;

/// <summary>
/// Reads what the process writes to its standard streams meanwhile. They are the process's: tests that use this go into the collection of
/// its name, and look for their own lines only, since other tests run at the same time.
/// </summary>
internal sealed class StandardStreams : IDisposable
{
    private readonly TextWriter _oldOut = Console.Out;
    private readonly TextWriter _oldError = Console.Error;
    private readonly Recorder _out = new();
    private readonly Recorder _error = new();

    public StandardStreams()
    {
        Console.SetOut(_out.Writer);
        Console.SetError(_error.Writer);
    }

    /// <summary>Standard output so far.</summary>
    public string Out => _out.Text;

    /// <summary>Standard error so far.</summary>
    public string Error => _error.Text;

    /// <inheritdoc />
    public void Dispose()
    {
        Console.SetOut(_oldOut);
        Console.SetError(_oldError);
        _out.Dispose();
        _error.Dispose();
    }

    private sealed class Recorder : IDisposable
    {
        private readonly StringWriter _text = new();

        public Recorder() => Writer = TextWriter.Synchronized(_text);

        public TextWriter Writer { get; }

        public void Dispose() => _text.Dispose();

        public string Text
        {
            get
            {
                // The lock that the synchronized writer takes.
                lock (Writer)
                    return _text.ToString();
            }
        }
    }
}
