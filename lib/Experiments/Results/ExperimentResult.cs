namespace DeviceId.Experiments;

/// <summary>Results of an experiment's variants; the first is the reference.</summary>
/// <param name="Experiment">The experiment.</param>
/// <param name="Variants">Results of the variants, in the order of the table.</param>
internal sealed record ExperimentResult(Experiment Experiment, IReadOnlyList<VariantResult> Variants)
{
    /// <summary>The variant that the others are compared with.</summary>
    public VariantResult Reference => Variants[0];

    /// <summary>A variant's result by name.</summary>
    /// <exception cref="ArgumentException">No such variant was run; the message lists those that were.</exception>
    public VariantResult this[string name] => Variants.FirstOrDefault(v => v.Variant.Name == name)
        ?? throw new ArgumentException($"'{name}' was not run; there are {string.Join(", ", Variants.Select(v => v.Variant.Name))}.",
            nameof(name));

    /// <summary>Groups results of trials by variant; null if there is no result at all.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="variants">The variants; those without any result are left out.</param>
    /// <param name="trialsOf">Returns the trials of a variant.</param>
    /// <param name="find">Returns the result of a trial by its key, or null.</param>
    public static ExperimentResult? From(
        Experiment experiment, IEnumerable<Variant> variants, Func<Variant, IReadOnlyList<Trial>> trialsOf, Func<string, TrialResult?> find)
    {
        var rows = variants.Select(variant =>
            new VariantResult(variant, [.. trialsOf(variant).Select(trial => find(trial.Key)).OfType<TrialResult>()]))
            .Where(row => row.Trials.Count > 0).ToList();
        return rows.Count == 0 ? null : new ExperimentResult(experiment, rows);
    }
}
