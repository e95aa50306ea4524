using System.ComponentModel.DataAnnotations;

namespace Hubbub.Server.Cluster;

/// <summary>Section <c>Replica</c>.</summary>
internal sealed class ReplicaOptions : IValidatableObject
{
    /// <summary>What people see as this replica's name; unique in the cluster. Without it: the machine's name and the port.</summary>
    [RegularExpression("[A-Za-z0-9._-]{1,64}", ErrorMessage = "Replica__Name has 1 to 64 letters, digits, '.', '_' or '-'.")]
    public string? Name { get; set; }

    /// <summary>Where browsers reach this replica, <c>http://host:port</c>. Without it: the first address it listens on.</summary>
    public Uri? PublicUrl { get; set; }

    /// <summary>How often the lease is renewed, and how often the leases of others are looked at; 50 ms to 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long after its last heartbeat a replica counts as alive, at least two heartbeats.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(6);

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Lease < 2 * Heartbeat)
            yield return new ValidationResult("Replica__Lease has to be at least twice Replica__Heartbeat.", [nameof(Lease)]);
        if (PublicUrl is not null && (!PublicUrl.IsAbsoluteUri || (PublicUrl.Scheme != Uri.UriSchemeHttp && PublicUrl.Scheme != Uri.UriSchemeHttps)))
            yield return new ValidationResult("Replica__PublicUrl has to be an http or https address.", [nameof(PublicUrl)]);
    }
}
