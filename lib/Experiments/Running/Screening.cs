using DeviceId.Corpora;

namespace DeviceId.Experiments;

/// <summary>Which trials an exploration of many systems runs: all systems on a few splits, then the best of them on all.</summary>
/// <param name="profile">Splits and seeds.</param>
/// <param name="corpus">The recordings.</param>
internal sealed class Screening(Profile profile, Corpus corpus)
{
    private const int Splits = 2;
    private const int Best = 5;

    /// <summary>The profile of the first round.</summary>
    public Profile FirstRound { get; } = profile.Splits(corpus).Count > Splits ? profile with { Folds = Splits } : profile;

    /// <summary>
    /// The reference, and the systems with the highest mean accuracy by segment in the first round; null if a result of it is missing.
    /// </summary>
    /// <param name="variants">All systems, the reference first.</param>
    /// <param name="find">Returns the result of a trial, or null.</param>
    public IReadOnlyList<Variant>? Choose(IReadOnlyList<Variant> variants, Func<Trial, TrialResult?> find)
    {
        var rows = variants.Select(variant => (Variant: variant,
            Trials: Experiment.Trials(variant, FirstRound, corpus).Select(find).ToList())).ToList();
        if (rows.Any(row => row.Trials.Contains(null)))
            return null;
        // A system is ranked by its first variant, and chosen with all conditions that it is tested under.
        var systems = rows.GroupBy(row => row.Variant.System ?? row.Variant.Name).ToList();
        var ranked = systems.Skip(1).OrderByDescending(system =>
        {
            var (variant, trials) = system.First();
            return new VariantResult(variant, trials!).MeanSegments;
        });
        return [.. ranked.Take(Best).Prepend(systems[0]).SelectMany(system => system.Select(row => row.Variant))];
    }

    /// <summary>The trials of a system: all splits if it was chosen, else those of the first round.</summary>
    public IReadOnlyList<Trial> Trials(Variant variant, IReadOnlyList<Variant> chosen) =>
        Experiment.Trials(variant, chosen.Contains(variant) ? profile : FirstRound, corpus);
}
