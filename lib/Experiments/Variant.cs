namespace DeviceId.Experiments;

/// <summary>A variant of an experiment: one row of its table.</summary>
/// <param name="Name">Name of the row.</param>
/// <param name="Settings">Settings of its trials.</param>
/// <param name="Output">The output that gives the answer: see <see cref="TrialOutput"/>.</param>
public sealed record Variant(string Name, TrialSettings Settings, string Output = TrialOutput.Deep)
{
    /// <summary>Whether the variant needs much time or memory, so that small profiles leave it out.</summary>
    public bool IsHeavy { get; init; }

    /// <summary>Where the system comes from, for tables of many systems: "Hanilci and Ertas 2013; reconstruction".</summary>
    public string Source { get; init; } = "";

    /// <summary>
    /// The system that several variants test under different conditions; null for the variant's name. See <see cref="Condition"/>.
    /// </summary>
    public string? System { get; init; }

    /// <summary>The condition that the system is tested under, such as "20 dB noise".</summary>
    public string Condition { get; init; } = "as recorded";

    /// <summary>
    /// Whether the test segments differ from the reference's (such as by their length), so that only whole recordings can be compared.
    /// </summary>
    public bool HasOtherSegments { get; init; }
}
