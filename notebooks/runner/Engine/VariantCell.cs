using DeviceId.Experiments;
using DeviceId.Foundation;
using DeviceId.Notebooks.Format;

namespace DeviceId.Notebooks.Engine;

/// <summary>
/// The variants of an experiment, from the one place where they stand: the cell tagged "variants" of its notebook, which defines a function
/// from the shared settings, <c>IReadOnlyList&lt;Variant&gt; Variants(TrialSettings shared)</c>, and needs neither recordings nor other
/// cells.
/// </summary>
/// <remarks>
/// What the cell gave is kept under the hash of its text, of the shared settings and of the library, because compiling it takes seconds.
/// Variants with parts of one's own (a custom classifier, feature or loss) are functions, which no file holds: their cell is compiled each
/// time.
/// </remarks>
/// <param name="notebooks">The folder of the notebooks.</param>
/// <param name="cache">Where evaluated cells are kept; null to keep none.</param>
internal sealed class VariantCell(string notebooks, string? cache)
{
    public const string Tag = "variants";

    private const string Function = "(Func<DeviceId.Experiments.TrialSettings, IReadOnlyList<DeviceId.Experiments.Variant>>)Variants";

    /// <summary>The variants of an experiment.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="shared">The settings that all experiments share.</param>
    /// <exception cref="NotebookException">There is no such notebook or cell, or it cannot be evaluated by itself.</exception>
    public IReadOnlyList<Variant> Evaluate(Experiment experiment, TrialSettings shared)
    {
        var path = Path.Combine(notebooks, experiment.Id + ".ipynb");
        var cell = Find(path);
        var identity = ContentHash.HashText($"{Library} {Json.WriteKey(shared)}\n{cell}")[..24];
        var kept = cache is null ? null : Path.Combine(cache, identity + ".json");
        if (Kept(kept) is { } found)
            return found;
        var variants = Compile(path, cell)(shared);
        if (variants.Count == 0 || variants.DistinctBy(variant => variant.Name).Count() < variants.Count)
            throw new NotebookException($"'{path}': its variants must be one at least, each with a name of its own.");
        if (kept is not null && variants.All(variant => variant.Settings.CustomVersions.Count == 0))
        {
            Directory.CreateDirectory(cache!);
            WholeFile.Write(kept, Json.WriteCompact(variants));
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

    private static IReadOnlyList<Variant>? Kept(string? path)
    {
        try
        {
            return File.Exists(path) ? Json.Read<IReadOnlyList<Variant>>(File.ReadAllText(path)) : null;
        }
        catch (Exception damaged) when (damaged is System.Text.Json.JsonException or IOException or UnauthorizedAccessException)
        {
            // It is compiled anew.
            return null;
        }
    }

    private Func<TrialSettings, IReadOnlyList<Variant>> Compile(string path, string cell)
    {
        var name = $"{Path.GetFileName(path)}, cell \"{Tag}\"";
        try
        {
            // Not on the caller's context: the script's own awaits must not wait for it.
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
