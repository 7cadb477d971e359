namespace DeviceId.Experiments;

/// <summary>Names of a trial's outputs.</summary>
public static class TrialOutput
{
    /// <summary>The system's answer: the deep output of a network, the only one of other systems.</summary>
    public const string Deep = "deep";

    /// <summary>The spatial head.</summary>
    public const string Spatial = "spatial";

    /// <summary>The temporal head.</summary>
    public const string Temporal = "temporal";

    /// <summary>The sum of the heads' probabilities.</summary>
    public const string Sum = "sum";

    /// <summary>An output when half of the epochs were done; of an odd number, when the middle one was.</summary>
    public static string HalfWay(string output) => output + ", half way";
}
