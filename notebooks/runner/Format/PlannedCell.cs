namespace DeviceId.Notebooks.Format;

/// <summary>A code cell of a notebook.</summary>
/// <param name="Cell">The cell.</param>
/// <param name="Number">Its number among the notebook's code cells, counted from 1.</param>
/// <param name="Language">Its language, of its own or of the notebook.</param>
internal sealed record PlannedCell(Cell Cell, int Number, string Language)
{
    /// <summary>The name of the cell in errors.</summary>
    public string Name => $"cell {Number}";

    /// <summary>The text to run. Text of another language than C# is preceded by the line that selects it.</summary>
    public string Source => Language == NotebookLanguage.CSharp || Cell.Source.TrimStart().StartsWith("#!", StringComparison.Ordinal)
        ? Cell.Source : $"#!{Language}\n{Cell.Source}";
}
