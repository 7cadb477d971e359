using DeviceId.Foundation;

namespace DeviceId.Experiments;

/// <summary>Experiments put together from stored results alone: no recordings are needed.</summary>
/// <remarks>
/// Of several corpora among the results the one with most trials is taken; real recordings go before simulated ones. Results of another
/// version of the arithmetic are left aside, as they are when a sweep looks for what it need not run.
/// </remarks>
internal sealed class StoredExperiments
{
    private readonly IReadOnlyList<(Experiment Experiment, IReadOnlyList<Variant> Variants)> _experiments;
    private readonly ILookup<string, TrialResult> _bySettings;

    /// <summary>Sorts the results.</summary>
    /// <param name="results">Every stored result.</param>
    /// <param name="profile">The size that is asked for; results of other sizes are left aside.</param>
    /// <param name="variantsOf">The variants of an experiment, from the shared settings: what its notebook defines.</param>
    public StoredExperiments(
        IReadOnlyList<TrialResult> results, Profile profile, Func<Experiment, Func<TrialSettings, IReadOnlyList<Variant>>> variantsOf)
    {
        _experiments = [.. ExperimentCatalog.All.Select(experiment => (experiment, profile.Variants(variantsOf(experiment))))];
        var known = _experiments.SelectMany(e => e.Variants).Select(variant => Json.WriteKey(variant.Settings)).ToHashSet();
        _bySettings = results.Where(result => result.LibraryVersion == Trial.LibraryVersion)
            .Select(result => (Result: result, Settings: Json.WriteKey(result.Settings))).Where(pair => known.Contains(pair.Settings))
            .GroupBy(pair => (pair.Result.IsSimulated, pair.Result.Corpus))
            .OrderBy(corpus => corpus.Key.IsSimulated).ThenByDescending(corpus => corpus.Count())
            .Take(1).SelectMany(corpus => corpus).ToLookup(pair => pair.Settings, pair => pair.Result);
    }

    /// <summary>Every experiment whose reference has a result, in the order of the catalogue; variants without one are left out.</summary>
    public IReadOnlyList<ExperimentResult> All() =>
        [.. _experiments.Select(e => Collect(e.Experiment, e.Variants)).OfType<ExperimentResult>()];

    private ExperimentResult? Collect(Experiment experiment, IReadOnlyList<Variant> variants)
    {
        var rows = variants.Select(variant => new VariantResult(variant, [.. TrialsOf(variant)]))
            .Where(row => row.Trials.Count > 0).ToList();
        return rows.Count > 0 && rows[0].Variant == variants[0] ? new ExperimentResult(experiment, rows) : null;
    }

    private IEnumerable<TrialResult> TrialsOf(Variant variant) => _bySettings[Json.WriteKey(variant.Settings)]
        .Where(result => result.Outputs.ContainsKey(variant.Output))
        .OrderBy(result => result.Split, StringComparer.Ordinal).ThenBy(result => result.Seed);
}
