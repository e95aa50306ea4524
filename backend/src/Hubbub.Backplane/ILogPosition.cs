namespace Hubbub.Backplane;

/// <summary>Tells how far this replica has delivered the log of a hub.</summary>
/// <typeparam name="THub">The hub whose log is meant.</typeparam>
public interface ILogPosition<THub>
{
    /// <summary>
    /// The cursor of the last record that this replica has handed to its connections; empty before the log was reached for the first time.
    /// Read it before a snapshot from the database: everything sent after the snapshot was read lies after this position.
    /// </summary>
    string Current { get; }
}
