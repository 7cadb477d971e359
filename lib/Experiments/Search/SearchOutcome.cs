namespace DeviceId.Experiments;

/// <summary>What a search for settings tried and chose, on training recordings alone.</summary>
/// <param name="Chosen">Name of the chosen candidate.</param>
/// <param name="Folds">The inner splits: the training sentences that were held out in turn; empty if none could be.</param>
/// <param name="Rows">The candidates.</param>
/// <param name="Seconds">Duration of the search.</param>
internal sealed record SearchOutcome(string Chosen, IReadOnlyList<string> Folds, IReadOnlyList<SearchRow> Rows, double Seconds);

/// <summary>What a candidate reached.</summary>
/// <param name="Name">Name of the candidate.</param>
/// <param name="Accuracies">Accuracy by segment on each inner split, in [0, 1].</param>
internal sealed record SearchRow(string Name, IReadOnlyList<double> Accuracies);
