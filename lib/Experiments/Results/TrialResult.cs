using DeviceId.Evaluation;
using DeviceId.Foundation;
using DeviceId.Training;

namespace DeviceId.Experiments;

/// <summary>All that is kept of a trial: one JSON file.</summary>
internal sealed record TrialResult
{
    /// <summary>The trial's key; also the file's name.</summary>
    public required string Key { get; init; }

    /// <summary>Version of the arithmetic.</summary>
    public required string LibraryVersion { get; init; }

    /// <summary>What was run, in full.</summary>
    public required TrialSettings Settings { get; init; }

    /// <summary>Name of the corpus.</summary>
    public required string CorpusName { get; init; }

    /// <summary>Fingerprint of the corpus.</summary>
    public required string Corpus { get; init; }

    /// <summary>The beginning of the fingerprint, for people.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string CorpusMark => Corpus[..Math.Min(12, Corpus.Length)];

    /// <summary>Whether the recordings were simulated.</summary>
    public required bool IsSimulated { get; init; }

    /// <summary>Name of the split.</summary>
    public required string Split { get; init; }

    /// <summary>Seed of all that is random.</summary>
    public required long Seed { get; init; }

    /// <summary>When it was finished (UTC).</summary>
    public required DateTime Finished { get; init; }

    /// <summary>What it ran on.</summary>
    public required RunEnvironment Environment { get; init; }

    /// <summary>The training, epoch by epoch; empty for systems without one.</summary>
    public required IReadOnlyList<EpochResult> Epochs { get; init; }

    /// <summary>Trainable parameters of the network, counted as Keras counts; null for systems without one.</summary>
    public long? Parameters { get; init; }

    /// <summary>Class names; a device's position is its label.</summary>
    public required IReadOnlyList<string> Devices { get; init; }

    /// <summary>Names of the test recordings.</summary>
    public required IReadOnlyList<string> Recordings { get; init; }

    /// <summary>True label of each test recording.</summary>
    public required IReadOnlyList<int> Truth { get; init; }

    /// <summary>For each test segment the position of its recording.</summary>
    public required IReadOnlyList<int> RecordingOf { get; init; }

    /// <summary>What each output said: see <see cref="TrialOutput"/>.</summary>
    public required IReadOnlyDictionary<string, OutputAnswers> Outputs { get; init; }

    /// <summary>Mean attention weight (device, branch) over a device's test segments; null without attention.</summary>
    public IReadOnlyList<float[]>? Attention { get; init; }

    /// <summary>Times of the parts.</summary>
    public required TrialTimes Times { get; init; }

    /// <summary>The trial that this is the result of.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public Trial Trial => new(Settings, Corpus, Split, Seed);

    /// <summary>The answers of one output to every test segment.</summary>
    public IEnumerable<Answer> Segments(string output)
    {
        var seen = new int[Recordings.Count];
        var given = Of(output).Segments;
        for (var i = 0; i < given.Count; i++)
            yield return new Answer(Recordings[RecordingOf[i]], seen[RecordingOf[i]]++, Seed, Truth[RecordingOf[i]], given[i]);
    }

    /// <summary>The answers of one output to every test recording.</summary>
    public IEnumerable<Answer> WholeRecordings(string output) =>
        Of(output).Recordings.Select((given, i) => new Answer(Recordings[i], -1, Seed, Truth[i], given)).Where(answer => answer.Given >= 0);

    /// <summary>Every reason why this cannot be a whole result; empty when it can.</summary>
    public IEnumerable<string> Problems()
    {
        if (Truth.Count != Recordings.Count || Truth.Any(label => label < 0 || label >= Devices.Count))
            yield return "the true labels do not fit recordings and devices";
        if (RecordingOf.Any(r => r < 0 || r >= Recordings.Count))
            yield return "a segment belongs to no recording";
        if (!Outputs.ContainsKey(TrialOutput.Deep))
            yield return "there is no answer in it";
        if (!Outputs.Values.All(Fits))
            yield return "the answers do not fit segments, recordings and devices";
    }

    private bool Fits(OutputAnswers output) =>
        output.Segments.Count == RecordingOf.Count && output.Recordings.Count == Recordings.Count
        && output.Segments.All(label => label >= 0 && label < Devices.Count)
        && output.Recordings.All(label => label >= -1 && label < Devices.Count);

    private OutputAnswers Of(string output) => Outputs.TryGetValue(output, out var answers) ? answers
        : throw new ArgumentException($"Trial {Key} has no output '{output}'; it has {string.Join(", ", Outputs.Keys)}.", nameof(output));
}

/// <summary>Where a trial's time went. Shared steps that an earlier trial of the same process had done cost nothing again.</summary>
/// <param name="FrontEndSeconds">Features, background model, supervectors.</param>
/// <param name="FitSeconds">The system's learning.</param>
/// <param name="SampleMilliseconds">One segment, from its samples in memory to its scores: median of several, warm.</param>
internal sealed record TrialTimes(double FrontEndSeconds, double FitSeconds, double SampleMilliseconds);
