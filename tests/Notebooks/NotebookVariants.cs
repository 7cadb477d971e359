using System.Collections.Concurrent;
using DeviceId.Experiments;
using DeviceId.Foundation;
using DeviceId.Notebooks.Engine;

namespace DeviceId.Tests.Notebooks;

/// <summary>The variants that the notebooks define; each cell is compiled once per profile.</summary>
internal static class NotebookVariants
{
    private static readonly VariantCell Cell = new(Path.Combine(TestPaths.Root, "notebooks"), cache: null);
    private static readonly ConcurrentDictionary<string, IReadOnlyList<Variant>> Evaluated = new();

    /// <summary>The variants of an experiment in a profile.</summary>
    public static IReadOnlyList<Variant> Of(string id, Profile profile) => profile.Variants(Function(ExperimentCatalog.Named(id)));

    /// <summary>The function from shared settings to variants, as the command line uses it.</summary>
    public static Func<TrialSettings, IReadOnlyList<Variant>> Function(Experiment experiment) =>
        shared => Evaluated.GetOrAdd($"{experiment.Id} {Json.WriteKey(shared)}", _ => Cell.Evaluate(experiment, shared));
}
