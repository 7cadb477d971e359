using DeviceId.Degradations;

namespace DeviceId.Experiments;

/// <summary>A test condition of the robustness study: a degradation of the test recordings, and the answers of each system.</summary>
/// <param name="Name">Kind of degradation, without its strength; <see cref="Untouched"/> for none.</param>
/// <param name="Label">Kind and strength.</param>
/// <param name="Quantity">The quantity that the strength measures, such as the signal-to-noise ratio.</param>
/// <param name="Strength">The strength.</param>
/// <param name="Unit">Unit of the strength.</param>
/// <param name="RecordingOf">For each segment the index of its recording.</param>
/// <param name="Answers">Predicted labels of segments and recordings, by system.</param>
internal sealed record RobustnessCondition(
    string Name, string Label, string Quantity, double Strength, string Unit, IReadOnlyList<int> RecordingOf,
    IReadOnlyDictionary<RobustnessSystem, OutputAnswers> Answers)
{
    /// <summary>Name and label of the condition without degradation.</summary>
    public const string Untouched = "as recorded";

    /// <summary>The condition of a degradation; null for the recordings without degradation.</summary>
    internal static RobustnessCondition Create(
        Degradation? degradation, IReadOnlyList<int> recordingOf, IReadOnlyDictionary<RobustnessSystem, OutputAnswers> answers) =>
        degradation is null
            ? new RobustnessCondition(Untouched, Untouched, "", 0, "", recordingOf, answers)
            : new RobustnessCondition(
                degradation.Name, degradation.Label, degradation.Quantity, degradation.Strength, degradation.Unit, recordingOf, answers);
}
