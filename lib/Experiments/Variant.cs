namespace DeviceId.Experiments;

/// <summary>One row of an experiment's table.</summary>
/// <param name="Name">The row's name.</param>
/// <param name="Settings">What is run.</param>
/// <param name="Output">Which of the trial's outputs is the answer: see <see cref="TrialOutput"/>.</param>
public sealed record Variant(string Name, TrialSettings Settings, string Output = TrialOutput.Deep)
{
    /// <summary>Takes long or needs much memory: left out of the small profiles.</summary>
    public bool IsHeavy { get; init; }

    /// <summary>
    /// The test items are not those of the reference (segments of another length): only whole recordings can be compared.
    /// </summary>
    public bool HasOtherSegments { get; init; }
}
