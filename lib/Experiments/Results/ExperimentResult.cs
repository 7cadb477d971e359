namespace DeviceId.Experiments;

/// <summary>An experiment's variants with their results; the first is the one that the others are compared with.</summary>
/// <param name="Experiment">The question.</param>
/// <param name="Variants">The answers, in the order of the table.</param>
internal sealed record ExperimentResult(Experiment Experiment, IReadOnlyList<VariantResult> Variants)
{
    /// <summary>The variant that the others are compared with.</summary>
    public VariantResult Reference => Variants[0];

    /// <summary>A variant's result by name.</summary>
    /// <exception cref="ArgumentException">No such variant was run; the message lists all.</exception>
    public VariantResult this[string name] => Variants.FirstOrDefault(v => v.Variant.Name == name)
        ?? throw new ArgumentException($"'{name}' was not run; there are {string.Join(", ", Variants.Select(v => v.Variant.Name))}.",
            nameof(name));

    /// <summary>Puts stored results in order.</summary>
    /// <param name="experiment">The question.</param>
    /// <param name="variants">The variants of the table; those without any result are left out.</param>
    /// <param name="trialsOf">The trials of a variant.</param>
    /// <param name="find">The result of a trial, or null.</param>
    public static ExperimentResult? From(
        Experiment experiment, IEnumerable<Variant> variants, Func<Variant, IReadOnlyList<Trial>> trialsOf, Func<string, TrialResult?> find)
    {
        var rows = variants.Select(variant =>
            new VariantResult(variant, [.. trialsOf(variant).Select(trial => find(trial.Key)).OfType<TrialResult>()]))
            .Where(row => row.Trials.Count > 0).ToList();
        return rows.Count == 0 ? null : new ExperimentResult(experiment, rows);
    }
}
