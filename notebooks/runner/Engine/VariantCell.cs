using DeviceId.Experiments;
using DeviceId.Foundation;
using DeviceId.Notebooks.Format;

namespace DeviceId.Notebooks.Engine;

/// <summary>
/// Evaluates the variants of an experiment. They are defined in one place only, the cell tagged "variants" of its notebook. The cell
/// defines a function of the shared settings, <c>IReadOnlyList&lt;Variant&gt; Variants(TrialSettings shared)</c>, and needs neither
/// recordings nor other cells.
/// </summary>
/// <remarks>
/// Compiling a cell takes seconds, so its variants are cached under the hash of its text, the shared settings and the library. Variants
/// with custom parts (classifier, feature or loss) contain functions, which cannot be stored: their cell is compiled each time.
/// </remarks>
/// <param name="notebooks">The folder of the notebooks.</param>
/// <param name="cache">The folder of the cache; null for no cache.</param>
internal sealed class VariantCell(string notebooks, string? cache)
{
    public const string Tag = "variants";

    private const string Function = "(Func<DeviceId.Experiments.TrialSettings, IReadOnlyList<DeviceId.Experiments.Variant>>)Variants";

    /// <summary>The variants of an experiment.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="shared">The settings that all experiments share.</param>
    /// <exception cref="NotebookException">There is no such notebook or cell, or it cannot be evaluated without other cells.</exception>
    public IReadOnlyList<Variant> Evaluate(Experiment experiment, TrialSettings shared)
    {
        var path = Path.Combine(notebooks, experiment.Id + ".ipynb");
        var cell = Find(path);
        var identity = ContentHash.HashText($"{Library} {Json.WriteKey(shared)}\n{cell}")[..24];
        var stored = cache is null ? null : Path.Combine(cache, identity + ".json");
        if (ReadCache(stored) is { } cached)
            return cached;
        var variants = Compile(path, cell)(shared);
        if (variants.Count == 0 || variants.DistinctBy(variant => variant.Name).Count() < variants.Count)
            throw new NotebookException($"'{path}': there must be at least one variant, each with its own name.");
        if (stored is not null && variants.All(variant => variant.Settings.CustomVersions.Count == 0))
        {
            Directory.CreateDirectory(cache!);
            WholeFile.Write(stored, Json.WriteCompact(variants));
        }

        return variants;
    }

    private static string Library => typeof(Variant).Module.ModuleVersionId.ToString();

    private static string Find(string path)
    {
        var cells = NotebookFile.Read(path).CodeCells.Where(cell => cell.HasTag(Tag)).ToList();
        return cells.Count == 1 ? cells[0].Source
            : throw new NotebookException($"'{path}' has {cells.Count} cells tagged \"{Tag}\": an experiment's notebook has one.");
    }

    private static IReadOnlyList<Variant>? ReadCache(string? path)
    {
        try
        {
            return File.Exists(path) ? Json.Read<IReadOnlyList<Variant>>(File.ReadAllText(path)) : null;
        }
        catch (Exception problem) when (problem is System.Text.Json.JsonException or IOException or UnauthorizedAccessException)
        {
            // A damaged entry is compiled again.
            return null;
        }
    }

    private Func<TrialSettings, IReadOnlyList<Variant>> Compile(string path, string cell)
    {
        var name = $"{Path.GetFileName(path)}, cell \"{Tag}\"";
        try
        {
            // On a pool thread, so that awaits in the script do not wait for the caller's context.
            return Task.Run(async () =>
            {
                var engine = new ScriptEngine(notebooks);
                await engine.RunAsync("#!import \"setup.dib\"", "setup.dib");
                await engine.RunAsync(cell, name);
                return (Func<TrialSettings, IReadOnlyList<Variant>>)(await engine.RunAsync(Function, name))!;
            }).GetAwaiter().GetResult();
        }
        catch (ScriptException problem)
        {
            throw new NotebookException(
                $"'{path}': the cell tagged \"{Tag}\" cannot be evaluated by itself; it may use nothing but the shared settings and what "
                + $"setup.dib imports. {problem.Message}", problem);
        }
    }
}
