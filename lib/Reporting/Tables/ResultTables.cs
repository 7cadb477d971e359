using DeviceId.Audio;
using DeviceId.Clustering;
using DeviceId.Corpora;
using DeviceId.Data;
using DeviceId.Evaluation;
using DeviceId.Features;
using DeviceId.Models;

namespace DeviceId.Reporting;

/// <summary>Tables of results on one corpus; their notes name the corpus.</summary>
/// <param name="corpus">The corpus that the numbers were measured on.</param>
public sealed class ResultTables(Corpus corpus)
{
    /// <summary>Every note about simulated recordings begins with these words.</summary>
    internal const string SimulatedWords = "Simulated recordings";

    private const string IntervalNote =
        "Intervals: 95 % (Wilson). Segments of one recording are correlated, so the intervals over segments are too narrow.";

    private const string KerasNote = "Counted as in Keras: one bias vector per gate of the LSTM.";

    /// <summary>Origin of the numbers, in one sentence.</summary>
    public string Source
    {
        get
        {
            var fingerprint = corpus.Fingerprint[..12];
            return corpus.IsSimulated
                ? $"{SimulatedWords} ({corpus.Devices.Count} devices, fingerprint {fingerprint}): a stand-in that says nothing about "
                    + "real phones."
                : $"{corpus.Name}: {corpus.Recordings.Count} real recordings of {corpus.Devices.Count} devices "
                    + $"(fingerprint {fingerprint}).";
        }
    }

    /// <summary>The devices: brand, model and unit as parsed from the name, and the amount of recordings.</summary>
    public ResultTable Devices()
    {
        var table = new ResultTable("Devices", "device", "brand", "model", "unit", "recordings", "seconds", "rate (Hz)").WithNote(Source);
        foreach (var group in corpus.Recordings.GroupBy(r => r.Device))
        {
            var name = DeviceName.Parse(group.Key);
            table.Row(
                group.Key, name.Brand, name.Model, name.Unit, group.Count(), new Number(group.Sum(r => r.DurationSeconds), "F1"),
                RecordingTables.Rates([.. group.Select(r => r.SampleRate).Distinct()]));
        }

        return table;
    }

    /// <summary>How well sessions that were found without labels agree with the true devices, beside chance.</summary>
    /// <param name="rows">Name and result of each search for sessions.</param>
    public ResultTable Clusters(IReadOnlyList<(string Name, RecordingClusters Clusters)> rows) => ClusterTable.Create(rows, Source);

    /// <summary>What a constant channel does to features: how far it moves them, and how much of the change is a constant shift.</summary>
    /// <param name="features">Name and settings of each feature.</param>
    /// <param name="clip">A recording.</param>
    /// <param name="filtered">The same after a filter, of equal length and rate.</param>
    /// <exception cref="ArgumentException">The two do not match, or are shorter than two frames.</exception>
    public static ResultTable ChannelEffect(
        IReadOnlyList<(string Name, FeatureOptions Options)> features, AudioClip clip, AudioClip filtered) =>
        ChannelTable.Create(features, clip, filtered);

    /// <summary>Number of parameters of each part of a network, counted as in Keras.</summary>
    public static ResultTable Parameters(Pstnn network)
    {
        var table = new ResultTable("Parameters of the network", "part", "parameters").WithNote(KerasNote);
        var counts = network.ParameterCounts();
        foreach (var part in counts)
            table.Row(part.Part, new Number(part.Count, "N0"));
        return table.Row("all", new Number(counts.Sum(part => part.Count), "N0"));
    }

    /// <summary>Number of network parameters for the background models of the paper's Table 4, in both readings of its framing.</summary>
    public static ResultTable BackgroundSizes()
    {
        var table = new ResultTable("Parameters by size of the background model", "Gaussians", "as written (64 frames)",
            "as counted (685 frames)", "the paper").WithNote(KerasNote);
        foreach (var components in new[] { 64, 128, 256 })
            table.Row(
                components, Parameters(SampleShape.AsWritten with { Components = components }),
                Parameters(SampleShape.AsCounted with { Components = components }),
                components == 64 ? new Number(114_765_000, "N0") : new Missing("not stated"));
        return table;
    }

    private static Number Parameters(SampleShape shape)
    {
        using var network = Pstnn.Create(new PstnnOptions(), shape, seed: 1);
        return new Number(network.ParameterCounts().Sum(part => part.Count), "N0");
    }

    /// <summary>Accuracy of each output of a network, by segment and by recording.</summary>
    /// <param name="title">Title of the table.</param>
    /// <param name="predictions">The network's outputs.</param>
    public ResultTable Outputs(string title, SystemPredictions predictions)
    {
        var table = new ResultTable(title, "output", "segments", "recordings").WithNote($"{IntervalNote} {Source}");
        foreach (var (name, output) in new[] { ("deep (the network's answer)", predictions.Deep), ("spatial head", predictions.Spatial),
            ("temporal head", predictions.Temporal), ("sum of the three", predictions.Sum) })
            if (output is not null)
                table.Row(name, AccuracyCell(output), AccuracyCell(output.ByRecording()));
        return table;
    }

    /// <summary>Accuracy of the deep output for each split, and over all splits.</summary>
    /// <param name="runs">Predictions for the test recordings of each split.</param>
    public ResultTable Splits(IReadOnlyList<(string Split, SystemPredictions Predictions)> runs)
    {
        var table = new ResultTable("Accuracy of the deep output", "held out", "segments", "recordings");
        foreach (var run in runs)
            table.Row(run.Split, AccuracyCell(run.Predictions.Deep), AccuracyCell(run.Predictions.Deep.ByRecording()));
        if (runs.Count < 2)
            return table.WithNote($"{IntervalNote} One split only: the profile 'standard' runs all. {Source}");

        var joined = Predictions.Join([.. runs.Select(run => run.Predictions.Deep)]);
        table.Row("all", AccuracyCell(joined), AccuracyCell(joined.ByRecording()));
        table.Row("mean of the splits", Mean(runs, deep => deep), Mean(runs, deep => deep.ByRecording()));
        return table.WithNote($"{IntervalNote} {Source}");
    }

    /// <summary>The most confused pairs of devices, and whether they are of the same brand or model.</summary>
    public ResultTable ConfusedPairs(ConfusionMatrix matrix, int count = 5)
    {
        var table = new ResultTable($"The {count} most confused pairs", "one", "other", "confusions", "of segments", "in common")
            .WithNote(Source);
        foreach (var pair in matrix.MostConfused(count))
            table.Row(pair.First, pair.Second, pair.Confusions, pair.Samples,
                InCommon(DeviceName.Parse(pair.First), DeviceName.Parse(pair.Second)));
        return table;
    }

    /// <summary>Accuracy of each variant, by segment and by recording.</summary>
    public ResultTable Variants(string title, IReadOnlyList<(string Name, Predictions Predictions)> variants)
    {
        var table = new ResultTable(title, "variant", "segments", "recordings").WithNote($"{IntervalNote} {Source}");
        foreach (var (name, predictions) in variants)
            table.Row(name, AccuracyCell(predictions), AccuracyCell(predictions.ByRecording()));
        return table;
    }

    private static string InCommon(DeviceName one, DeviceName other) =>
        one.Brand != other.Brand ? "nothing" : one.Model != other.Model ? $"brand ({one.Brand})" : $"model ({one.Brand} {one.Model})";

    private static Estimate AccuracyCell(Predictions predictions) => Estimate.FromAccuracy(Accuracy.Compute(predictions));

    private static Number Mean(IReadOnlyList<(string Split, SystemPredictions Predictions)> runs, Func<Predictions, Predictions> items) =>
        new(100 * runs.Average(run => Accuracy.Compute(items(run.Predictions.Deep)).Value), "F1") { Unit = "%" };
}
