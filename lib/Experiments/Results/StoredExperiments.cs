using DeviceId.Foundation;

namespace DeviceId.Experiments;

/// <summary>Experiments assembled from stored results alone, without any recordings.</summary>
/// <remarks>
/// If the results are of several corpora, the corpus with the most trials is used; real recordings take precedence over simulated ones.
/// Results of another <see cref="Trial.LibraryVersion"/> are ignored, as they are when a sweep looks for existing results.
/// </remarks>
internal sealed class StoredExperiments
{
    private readonly ILookup<string, TrialResult> _bySettings;

    /// <summary>Indexes the results by their settings.</summary>
    /// <param name="results">All stored results.</param>
    /// <param name="profile">The requested profile; results of other profiles are ignored.</param>
    /// <param name="variantsOf">
    /// Returns the function that creates the variants of an experiment from the shared settings; defined by its notebook.
    /// </param>
    public StoredExperiments(
        IReadOnlyList<TrialResult> results, Profile profile, Func<Experiment, Func<TrialSettings, IReadOnlyList<Variant>>> variantsOf)
    {
        Planned = [.. ExperimentCatalog.All.Select(experiment => (experiment, profile.Variants(variantsOf(experiment))))];
        var known = Planned.SelectMany(e => e.Variants).Select(variant => Json.WriteKey(variant.Settings)).ToHashSet();
        _bySettings = results.Where(result => result.LibraryVersion == Trial.LibraryVersion)
            .Select(result => (Result: result, Settings: Json.WriteKey(result.Settings))).Where(pair => known.Contains(pair.Settings))
            .GroupBy(pair => (pair.Result.IsSimulated, pair.Result.Corpus))
            .OrderBy(corpus => corpus.Key.IsSimulated).ThenByDescending(corpus => corpus.Count())
            .Take(1).SelectMany(corpus => corpus).ToLookup(pair => pair.Settings, pair => pair.Result);
    }

    /// <summary>All experiments with the variants that the profile runs, whether they have results or not.</summary>
    public IReadOnlyList<(Experiment Experiment, IReadOnlyList<Variant> Variants)> Planned { get; }

    /// <summary>
    /// Every experiment whose reference variant has a result, in the order of the catalogue; variants without a result are left out.
    /// </summary>
    public IReadOnlyList<ExperimentResult> All() =>
        [.. Planned.Select(e => Collect(e.Experiment, e.Variants)).OfType<ExperimentResult>()];

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
