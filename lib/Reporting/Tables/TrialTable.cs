using System.Globalization;
using System.Reflection;
using DeviceId.Classifiers;
using DeviceId.Evaluation;
using DeviceId.Experiments;
using DeviceId.Foundation;
using DeviceId.Training;

namespace DeviceId.Reporting;

/// <summary>All stored trials as one tidy table: a row for each output of each trial. data/README.md explains the columns.</summary>
internal static class TrialTable
{
    private static readonly (string Name, Func<Row, object?> Cell)[] Columns =
    [
        ("trial", row => row.Trial.Key),
        ("output", row => row.Output),
        ("half_way", row => row.IsHalfWay),
        ("profile", row => row.Names.Count > 0 ? row.Profile : null),
        ("experiments", row => Join(row.Names.Select(name => name.Experiment))),
        ("variants", row => Join(row.Names.Select(name => name.Variant))),
        ("classifier", row => Classifier(row.Trial.Settings.Classifier)),
        ("corpus", row => row.Trial.CorpusName),
        ("corpus_fingerprint", row => row.Trial.Corpus),
        ("simulated", row => row.Trial.IsSimulated),
        ("split", row => row.Trial.Split),
        ("seed", row => row.Trial.Seed),
        ("devices", row => row.Trial.Devices.Count),
        ("segments", row => row.Segments.Total),
        ("segments_correct", row => row.Segments.Correct),
        ("segment_accuracy", row => Fraction(row.Segments)),
        ("recordings", row => row.Recordings.Total),
        ("recordings_correct", row => row.Recordings.Correct),
        ("recording_accuracy", row => Fraction(row.Recordings)),
        ("epochs", row => row.Trial.Epochs.Count),
        ("training_loss", row => row.LastEpoch?.Loss),
        ("training_accuracy", row => row.LastEpoch?.Accuracy),
        ("parameters", row => row.Trial.Parameters),
        ("front_end_seconds", row => row.Trial.Times.FrontEndSeconds),
        ("training_seconds", row => row.Trial.Times.FitSeconds),
        ("segment_milliseconds", row => row.Trial.Times.SampleMilliseconds),
        ("finished", row => row.Trial.Finished.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)),
        ("machine", row => row.Trial.Environment.Machine),
        ("device", row => row.Trial.Environment.Device),
        ("threads", row => row.Trial.Environment.Threads),
        ("system", row => row.Trial.Environment.System),
        ("runtime", row => row.Trial.Environment.Runtime),
        ("torchsharp", row => row.Trial.Environment.Torch),
        ("library", row => row.Trial.LibraryVersion),
        ("commit", row => row.Trial.Environment.Commit),
        ("settings", row => Json.WriteCompact(row.Trial.Settings)),
    ];

    /// <summary>Names of the columns.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Columns.Select(column => column.Name)];

    /// <summary>Whether a text begins as the CSV of any version of this table does.</summary>
    public static bool RecognisesCsv(string start) => start.StartsWith("trial,output,half_way,", StringComparison.Ordinal);

    /// <summary>Collects the trials.</summary>
    /// <param name="trials">The trials, each in as many rows as it has outputs.</param>
    /// <param name="profile">Name of the profile of the experiments.</param>
    /// <param name="experiments">Experiments with the variants of that profile; an output that no variant uses is not named.</param>
    public static ResultTable Create(
        IEnumerable<TrialResult> trials, string profile, IEnumerable<(Experiment Experiment, IReadOnlyList<Variant> Variants)> experiments)
    {
        var names = experiments.SelectMany(e => e.Variants.Select(variant => (e.Experiment, Variant: variant)))
            .ToLookup(pair => (Json.WriteKey(pair.Variant.Settings), pair.Variant.Output), pair => (pair.Experiment.Id, pair.Variant.Name));
        var table = new ResultTable("Stored trials", [.. Names]);
        foreach (var trial in trials)
        {
            var settings = Json.WriteKey(trial.Settings);
            foreach (var output in trial.Outputs.Keys)
            {
                var row = new Row(trial, output, profile, [.. names[(settings, output)]]);
                table.Row([.. Columns.Select(column => column.Cell(row))]);
            }
        }

        return table;
    }

    private static string? Join(IEnumerable<string> names) => string.Join("; ", names) is { Length: > 0 } text ? text : null;

    private static double? Fraction(Accuracy accuracy) => accuracy.Total > 0 ? accuracy.Value : null;

    /// <summary>"pstnn", "gmmUbm": the kind of the network, or of a system without one.</summary>
    private static string Classifier(ClassifierOptions options) =>
        Kind(options is NetworkClassifierOptions network ? network.Network : options);

    private static string Kind(Options options) => options.GetType().GetCustomAttribute<OptionsKindAttribute>()!.Name;

    /// <summary>An output of a trial.</summary>
    private sealed record Row(
        TrialResult Trial, string StoredOutput, string Profile, IReadOnlyList<(string Experiment, string Variant)> Names)
    {
        private static readonly string HalfWayEnding = TrialOutput.HalfWay("");

        public bool IsHalfWay => StoredOutput.EndsWith(HalfWayEnding, StringComparison.Ordinal);

        public string Output => IsHalfWay ? StoredOutput[..^HalfWayEnding.Length] : StoredOutput;

        public Accuracy Segments { get; } = Accuracy.Compute(Trial.Segments(StoredOutput));

        public Accuracy Recordings { get; } = Accuracy.Compute(Trial.WholeRecordings(StoredOutput));

        /// <summary>The epoch after which the output was computed; null without a network.</summary>
        public EpochResult? LastEpoch =>
            IsHalfWay ? Trial.Epochs.ElementAtOrDefault((Trial.Epochs.Count - 1) / 2) : Trial.Epochs.LastOrDefault();
    }
}
