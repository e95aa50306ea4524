using System.ComponentModel.DataAnnotations;

namespace Hubbub.Server.Data;

/// <summary>Section <c>Data</c>.</summary>
internal sealed class DatabaseOptions
{
    /// <summary>How long a starting replica waits for the database to answer, 0 s to 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(30);
}
