using DeviceId.Evaluation;
using DeviceId.Foundation;

namespace DeviceId.Experiments;

/// <summary>Stored result of one held-out sentence of the robustness study: one JSON file.</summary>
internal sealed record RobustnessSplit
{
    /// <summary>Hash of everything that determines the result; also the file's name.</summary>
    public required string Key { get; init; }

    /// <summary>Version of the arithmetic (<see cref="Trial.LibraryVersion"/>).</summary>
    public required string LibraryVersion { get; init; }

    /// <summary>The network's settings.</summary>
    public required TrialSettings Network { get; init; }

    /// <summary>The baseline's settings.</summary>
    public required TrialSettings Baseline { get; init; }

    /// <summary>Number of degraded copies of each training recording.</summary>
    public required int Copies { get; init; }

    /// <summary>Kinds of degradation used for the training copies.</summary>
    public required IReadOnlyList<string> Seen { get; init; }

    /// <summary>Degradations that could not be tested on the machine of this result, each with the reason.</summary>
    public required IReadOnlyList<string> Untested { get; init; }

    /// <summary>Name of the corpus.</summary>
    public required string CorpusName { get; init; }

    /// <summary>Fingerprint of the corpus.</summary>
    public required string Corpus { get; init; }

    /// <summary>Whether the recordings were simulated.</summary>
    public required bool IsSimulated { get; init; }

    /// <summary>Name of the split.</summary>
    public required string Split { get; init; }

    /// <summary>Seed of all random choices.</summary>
    public required long Seed { get; init; }

    /// <summary>Time at which the computation finished (UTC).</summary>
    public required DateTime Finished { get; init; }

    /// <summary>Hardware and software that the computation ran on.</summary>
    public required RunEnvironment Environment { get; init; }

    /// <summary>Class names; a device's position is its label.</summary>
    public required IReadOnlyList<string> Devices { get; init; }

    /// <summary>Names of the test recordings.</summary>
    public required IReadOnlyList<string> Recordings { get; init; }

    /// <summary>True label of each test recording.</summary>
    public required IReadOnlyList<int> Truth { get; init; }

    /// <summary>The condition without degradation, then every degradation.</summary>
    public required IReadOnlyList<RobustnessCondition> Conditions { get; init; }

    /// <summary>A system's answers to every segment under a condition.</summary>
    internal IEnumerable<Answer> Segments(RobustnessCondition condition, RobustnessSystem system)
    {
        var segmentsSoFar = new int[Recordings.Count];
        var predicted = condition.Answers[system].Segments;
        for (var i = 0; i < predicted.Count; i++)
            yield return new Answer(Recordings[condition.RecordingOf[i]], segmentsSoFar[condition.RecordingOf[i]]++, Seed,
                Truth[condition.RecordingOf[i]], predicted[i]);
    }

    /// <summary>A system's answers to every recording under a condition.</summary>
    internal IEnumerable<Answer> WholeRecordings(RobustnessCondition condition, RobustnessSystem system) =>
        condition.Answers[system].Recordings.Select((predicted, i) => new Answer(Recordings[i], -1, Seed, Truth[i], predicted))
            .Where(answer => answer.Given >= 0);

    /// <summary>Every reason why this result is inconsistent or incomplete; empty if it is valid.</summary>
    public IEnumerable<string> Problems()
    {
        bool IsLabel(int label) => label >= 0 && label < Devices.Count;
        if (Truth.Count != Recordings.Count || !Truth.All(IsLabel))
            yield return "the true labels do not match the recordings and devices";
        if (Conditions.Count == 0 || Conditions[0] is not { Name: RobustnessCondition.Untouched, Label: RobustnessCondition.Untouched })
            yield return "the condition without degradation is not the first";
        foreach (var condition in Conditions)
        {
            if (condition.RecordingOf.Any(r => r < 0 || r >= Recordings.Count))
                yield return $"{condition.Label}: a segment belongs to no recording";
            foreach (var system in Enum.GetValues<RobustnessSystem>())
                if (!condition.Answers.TryGetValue(system, out var answers) || answers.Segments.Count != condition.RecordingOf.Count
                    || answers.Recordings.Count != Recordings.Count
                    || !answers.Segments.All(IsLabel) || !answers.Recordings.All(label => label == -1 || IsLabel(label)))
                    yield return $"{condition.Label}: the answers of {system} do not match the segments, recordings and devices";
        }
    }
}
