namespace Hubbub.Bench.Scenarios;

internal static class Median
{
    /// <summary>The middle one; of an even number, the higher of the two in the middle.</summary>
    public static double Of(IReadOnlyCollection<double> values) => values.Order().ElementAt(values.Count / 2);
}
