using DeviceId.Foundation;

namespace DeviceId.Experiments;

/// <summary>Experiments put together from stored results alone: no recordings are needed.</summary>
/// <remarks>
/// Of several corpora among the results the one with most trials is taken; real recordings go before simulated ones. Results of another version of the
/// arithmetic are left aside, as they are when a sweep looks for what it need not run.
/// </remarks>
public sealed class StoredExperiments
{
    private readonly Profile _profile;
    private readonly ILookup<string, TrialResult> _bySettings;
    private readonly int _devices;

    /// <summary>Sorts the results.</summary>
    /// <param name="results">Every stored result.</param>
    /// <param name="profile">The size that is asked for; results of other sizes are left aside.</param>
    public StoredExperiments(IReadOnlyList<TrialResult> results, Profile profile)
    {
        _profile = profile;
        var ofOneCorpus = results.Where(r => r.LibraryVersion == Trial.LibraryVersion).GroupBy(r => (r.IsSimulated, r.Corpus)).Where(g => Belongs(g.First().Devices.Count, g))
            .OrderBy(g => g.Key.IsSimulated).ThenByDescending(g => g.Count()).FirstOrDefault()?.ToList() ?? [];
        _devices = ofOneCorpus.Count > 0 ? ofOneCorpus[0].Devices.Count : 0;
        _bySettings = ofOneCorpus.ToLookup(r => Json.WriteCompact(r.Settings));
    }

    /// <summary>Every experiment that has a result, in the order of the catalogue; variants without one are left out.</summary>
    public IReadOnlyList<ExperimentResult> All() =>
        _devices == 0 ? [] : [.. ExperimentCatalog.All.Select(Of).OfType<ExperimentResult>()];

    /// <summary>One experiment, or null when the variant that the others are compared with has no result.</summary>
    public ExperimentResult? Of(Experiment experiment)
    {
        if (_devices == 0)
            return null;
        var variants = experiment.Variants(_profile, _devices);
        var rows = variants.Select(variant => new VariantResult(variant, [.. TrialsOf(variant)])).Where(row => row.Trials.Count > 0).ToList();
        return rows.Count > 0 && rows[0].Variant.Name == variants[0].Name ? new ExperimentResult(experiment, rows) : null;
    }

    /// <summary>One result a split and seed: of several, from when the same settings were written otherwise, the one that a sweep would find today.</summary>
    private IEnumerable<TrialResult> TrialsOf(Variant variant) => _bySettings[Json.WriteCompact(variant.Settings)].Where(r => r.Outputs.ContainsKey(variant.Output))
        .OrderByDescending(r => new Trial(r.Settings, r.Corpus, r.Split, r.Seed).Key == r.Key).DistinctBy(r => (r.Split, r.Seed)).OrderBy(r => r.Split, StringComparer.Ordinal).ThenBy(r => r.Seed);

    private bool Belongs(int devices, IEnumerable<TrialResult> results)
    {
        var known = ExperimentCatalog.All.SelectMany(e => e.Variants(_profile, devices)).Select(v => Json.WriteCompact(v.Settings)).ToHashSet();
        return results.Any(r => known.Contains(Json.WriteCompact(r.Settings)));
    }
}
