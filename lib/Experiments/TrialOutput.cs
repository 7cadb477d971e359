using DeviceId.Evaluation;

namespace DeviceId.Experiments;

/// <summary>Names of a trial's outputs.</summary>
public static class TrialOutput
{
    /// <summary>The system's answer: the deep output of a network, or the only output of another system.</summary>
    public const string Deep = "deep";

    /// <summary>The spatial head.</summary>
    public const string Spatial = "spatial";

    /// <summary>The temporal head.</summary>
    public const string Temporal = "temporal";

    /// <summary>The sum of the probabilities of the three outputs above.</summary>
    public const string Sum = "sum";

    private const string HalfWayEnding = ", half way";

    /// <summary>The outputs that a system computes itself; <see cref="Sum"/> is derived from them.</summary>
    internal static IReadOnlyList<string> Heads { get; } = [Deep, Spatial, Temporal];

    /// <summary>Name of an output after half of the epochs (rounded up).</summary>
    public static string HalfWay(string output) => output + HalfWayEnding;

    /// <summary>Whether an output is that after half of the epochs.</summary>
    internal static bool IsHalfWay(string output) => output.EndsWith(HalfWayEnding, StringComparison.Ordinal);

    /// <summary>The predictions of the <see cref="Heads"/> that a system has, by name, in their order.</summary>
    internal static IEnumerable<(string Name, Predictions Predictions)> Named(SystemPredictions predictions)
    {
        yield return (Deep, predictions.Deep);
        if (predictions.Spatial is not null)
            yield return (Spatial, predictions.Spatial);
        if (predictions.Temporal is not null)
            yield return (Temporal, predictions.Temporal);
    }
}
