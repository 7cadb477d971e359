using DeviceId.Evaluation;
using DeviceId.Foundation;
using DeviceId.Training;

namespace DeviceId.Experiments;

/// <summary>The stored result of a trial: one JSON file.</summary>
internal sealed record TrialResult
{
    /// <summary>The trial's key; also the file's name.</summary>
    public required string Key { get; init; }

    /// <summary>Version of the arithmetic (<see cref="Trial.LibraryVersion"/>).</summary>
    public required string LibraryVersion { get; init; }

    /// <summary>The complete settings of the trial.</summary>
    public required TrialSettings Settings { get; init; }

    /// <summary>Name of the corpus.</summary>
    public required string CorpusName { get; init; }

    /// <summary>Fingerprint of the corpus.</summary>
    public required string Corpus { get; init; }

    /// <summary>The first 12 characters of the fingerprint, for display.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string CorpusMark => Corpus[..Math.Min(12, Corpus.Length)];

    /// <summary>Whether the recordings were simulated.</summary>
    public required bool IsSimulated { get; init; }

    /// <summary>Name of the split.</summary>
    public required string Split { get; init; }

    /// <summary>Seed of all random choices.</summary>
    public required long Seed { get; init; }

    /// <summary>Time at which the trial finished (UTC).</summary>
    public required DateTime Finished { get; init; }

    /// <summary>Hardware and software that the trial ran on.</summary>
    public required RunEnvironment Environment { get; init; }

    /// <summary>Training log of the network, one entry per epoch; empty for systems without a network.</summary>
    public required IReadOnlyList<EpochResult> Epochs { get; init; }

    /// <summary>Number of trainable parameters of the network, as Keras counts them; null for systems without a network.</summary>
    public long? Parameters { get; init; }

    /// <summary>Size of the saved system without its front end (bytes); null for networks, and for systems that cannot be saved.</summary>
    public long? ModelBytes { get; init; }

    /// <summary>Class names; a device's position is its label.</summary>
    public required IReadOnlyList<string> Devices { get; init; }

    /// <summary>Names of the test recordings.</summary>
    public required IReadOnlyList<string> Recordings { get; init; }

    /// <summary>True label of each test recording.</summary>
    public required IReadOnlyList<int> Truth { get; init; }

    /// <summary>For each test segment the index of its recording.</summary>
    public required IReadOnlyList<int> RecordingOf { get; init; }

    /// <summary>Predicted labels of each output, by the names in <see cref="TrialOutput"/>.</summary>
    public required IReadOnlyDictionary<string, OutputAnswers> Outputs { get; init; }

    /// <summary>Mean attention weight (device, branch) over a device's test segments; null without attention.</summary>
    public IReadOnlyList<float[]>? Attention { get; init; }

    /// <summary>What the search for settings tried and chose; null without a search.</summary>
    public SearchOutcome? Search { get; init; }

    /// <summary>Times of the steps.</summary>
    public required TrialTimes Times { get; init; }

    /// <summary>The trial that this is the result of.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public Trial Trial => new(Settings, Corpus, Split, Seed);

    /// <summary>The answers of one output to every test segment.</summary>
    public IEnumerable<Answer> Segments(string output)
    {
        var segmentsSoFar = new int[Recordings.Count];
        var predicted = GetOutput(output).Segments;
        for (var i = 0; i < predicted.Count; i++)
            yield return new Answer(Recordings[RecordingOf[i]], segmentsSoFar[RecordingOf[i]]++, Seed, Truth[RecordingOf[i]], predicted[i]);
    }

    /// <summary>The answers of one output to every test recording.</summary>
    public IEnumerable<Answer> WholeRecordings(string output) =>
        GetOutput(output).Recordings.Select((predicted, i) => new Answer(Recordings[i], -1, Seed, Truth[i], predicted))
            .Where(answer => answer.Given >= 0);

    /// <summary>Every reason why this result is inconsistent or incomplete; empty if it is valid.</summary>
    public IEnumerable<string> Problems()
    {
        if (Truth.Count != Recordings.Count || Truth.Any(label => label < 0 || label >= Devices.Count))
            yield return "the true labels do not match the recordings and devices";
        if (RecordingOf.Any(r => r < 0 || r >= Recordings.Count))
            yield return "a segment belongs to no recording";
        if (!Outputs.ContainsKey(TrialOutput.Deep))
            yield return "the answers of the deep output are missing";
        if (!Outputs.Values.All(IsConsistent))
            yield return "the answers do not match the segments, recordings and devices";
    }

    private bool IsConsistent(OutputAnswers output) =>
        output.Segments.Count == RecordingOf.Count && output.Recordings.Count == Recordings.Count
        && output.Segments.All(label => label >= 0 && label < Devices.Count)
        && output.Recordings.All(label => label >= -1 && label < Devices.Count);

    private OutputAnswers GetOutput(string output) => Outputs.TryGetValue(output, out var answers) ? answers
        : throw new ArgumentException($"Trial {Key} has no output '{output}'; it has {string.Join(", ", Outputs.Keys)}.", nameof(output));
}

/// <summary>Times of the steps of a trial. A front end that an earlier trial of the same process has fitted is not counted again.</summary>
/// <param name="FrontEndSeconds">Features, background model and supervectors.</param>
/// <param name="FitSeconds">Training of the system, without a search for its settings.</param>
/// <param name="SampleMilliseconds">One segment, from its samples in memory to its scores: median of several runs after warm-up.</param>
internal sealed record TrialTimes(double FrontEndSeconds, double FitSeconds, double SampleMilliseconds);
