using DeviceId.Degradations;

namespace DeviceId.Experiments;

/// <summary>What was done to test recordings, and what each system said of them.</summary>
/// <param name="Name">What was done, without how much; <see cref="Untouched"/> for nothing.</param>
/// <param name="Label">What and how much.</param>
/// <param name="Quantity">What the strength is.</param>
/// <param name="Strength">How much.</param>
/// <param name="Unit">Unit of the strength.</param>
/// <param name="RecordingOf">For each segment the position of its recording.</param>
/// <param name="Answers">What each system said of segments and recordings.</param>
internal sealed record RobustnessCondition(
    string Name, string Label, string Quantity, double Strength, string Unit, IReadOnlyList<int> RecordingOf,
        IReadOnlyDictionary<RobustnessSystem, OutputAnswers> Answers)
{
    /// <summary>The name of the recordings as they are.</summary>
    public const string Untouched = "as recorded";

    /// <summary>Every degradation's, null for none.</summary>
    internal static RobustnessCondition Create(Degradation? degradation, IReadOnlyList<int> recordingOf,
        IReadOnlyDictionary<RobustnessSystem, OutputAnswers> answers) => degradation is null
        ? new RobustnessCondition(Untouched, Untouched, "", 0, "", recordingOf, answers)
        : new RobustnessCondition(degradation.Name, degradation.Label, degradation.Quantity, degradation.Strength, degradation.Unit,
            recordingOf, answers);
}
