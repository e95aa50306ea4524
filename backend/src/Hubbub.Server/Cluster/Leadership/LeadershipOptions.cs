using System.ComponentModel.DataAnnotations;

namespace Hubbub.Server.Cluster.Leadership;

/// <summary>The section <c>Leadership</c>.</summary>
internal sealed class LeadershipOptions : IValidatableObject
{
    public const string Section = "Leadership";

    /// <summary>How long a leader that gives no sign of life keeps its office; 500 ms to 1 min. It gives one four times as often.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:01:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(1.5);

    /// <summary>How often the others try to take office; 20 ms to a quarter of the lease.</summary>
    [Range(typeof(TimeSpan), "00:00:00.020", "00:00:15")]
    public TimeSpan TryEvery { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How often a leader renews its lease.</summary>
    public TimeSpan RenewEvery => Lease / 4;

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (TryEvery * 4 > Lease)
            yield return new ValidationResult("Leadership__TryEvery has to be at most a quarter of Leadership__Lease.", [nameof(TryEvery)]);
    }
}
