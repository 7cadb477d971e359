using DeviceId.Foundation;

namespace DeviceId.Experiments;

/// <summary>
/// What the variants of an experiment cost, measured in turn and several times in one process, so that a ratio compares like with like.
/// </summary>
/// <param name="Experiment">Id of the experiment.</param>
/// <param name="Profile">Name of the profile.</param>
/// <param name="Corpus">Fingerprint of the recordings.</param>
/// <param name="Environment">Hardware and software.</param>
/// <param name="Finished">When the measurement ended (UTC).</param>
/// <param name="Rows">The variants.</param>
internal sealed record CostResult(
    string Experiment, string Profile, string Corpus, RunEnvironment Environment, DateTime Finished, IReadOnlyList<CostRow> Rows)
{
    /// <summary>The measurements of a variant; null if it was not measured with these settings.</summary>
    /// <param name="row">The variant and its trials.</param>
    public CostRow? Find(VariantResult row) =>
        Rows.FirstOrDefault(cost => cost.Output == row.Variant.Output && row.Trials.Any(trial => trial.Key == cost.TrialKey));

    /// <summary>Reasons why a stored result is invalid; empty for a valid one.</summary>
    public IEnumerable<string> Problems()
    {
        var rounds = Rows.Select(row => row.SegmentMilliseconds.Count).Append(0).Max();
        if (rounds == 0)
            yield return "it has no measurements";
        if (Rows.Any(row => row.SegmentMilliseconds.Count != rounds || row.TrainingSeconds.Count != rounds))
            yield return "its variants were not measured equally often";
        if (Rows.SelectMany(row => row.SegmentMilliseconds.Concat(row.TrainingSeconds)).Any(time => !(time > 0 && double.IsFinite(time))))
            yield return "a time is not positive";
    }
}

/// <summary>The measurements of a variant, one per round.</summary>
/// <param name="TrialKey">Key of the trial whose settings were measured.</param>
/// <param name="Variant">Name of the variant.</param>
/// <param name="Output">The output that answers.</param>
/// <param name="SegmentMilliseconds">One segment, from its samples in memory to its scores: median of several after warm-up.</param>
/// <param name="TrainingSeconds">
/// One training, up to the answers of the output: of a network the time of a few steps, times the number of steps; else all of it.
/// </param>
internal sealed record CostRow(
    string TrialKey, string Variant, string Output, IReadOnlyList<double> SegmentMilliseconds, IReadOnlyList<double> TrainingSeconds)
{
    /// <summary>The ratio to another variant in each round.</summary>
    /// <param name="reference">The other variant.</param>
    /// <param name="times">The times to compare.</param>
    public IReadOnlyList<double> Over(CostRow reference, Func<CostRow, IReadOnlyList<double>> times) =>
        [.. times(this).Zip(times(reference), (own, other) => own / other)];
}
