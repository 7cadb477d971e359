namespace DeviceId.Notebooks.Format;

/// <summary>Which code cells of a notebook are run. The runner and the process that executes the notebook compute it alike.</summary>
internal sealed class RunPlan
{
    public RunPlan(NotebookFile notebook)
    {
        Cells = [.. notebook.CodeCells.Select((cell, index) =>
            new PlannedCell(cell, index + 1, notebook.LanguageOf(cell)))];
        Tagged = [.. Cells.Where(c => c.Cell.IsSkipped)];
        Foreign = [.. Cells.Except(Tagged).Where(c => !NotebookLanguage.IsRun(c.Language))];
        ToRun = [.. Cells.Except(Tagged).Except(Foreign)];
    }

    /// <summary>All code cells.</summary>
    public IReadOnlyList<PlannedCell> Cells { get; }

    /// <summary>The cells that are run, in order.</summary>
    public IReadOnlyList<PlannedCell> ToRun { get; }

    /// <summary>Cells of languages that the runner does not have.</summary>
    public IReadOnlyList<PlannedCell> Foreign { get; }

    /// <summary>Cells that their author excluded from runs.</summary>
    public IReadOnlyList<PlannedCell> Tagged { get; }

    /// <summary>Whether there is code, but none that the runner can run.</summary>
    public bool IsForeign => Foreign.Count > 0 && ToRun.Count == 0;

    /// <summary>The languages that the runner does not have, for messages.</summary>
    public string ForeignLanguages => string.Join(", ", Foreign.Select(c => c.Language).Distinct());

    /// <summary>Names cells, such as "cell 2 (fsharp), cell 5 (pwsh)".</summary>
    public static string Describe(IEnumerable<PlannedCell> cells) => string.Join(", ", cells.Select(c =>
        c.Language == NotebookLanguage.CSharp ? $"cell {c.Number}" : $"cell {c.Number} ({c.Language})"));
}
