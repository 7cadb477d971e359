using System.Diagnostics;
using DeviceId.Corpora;
using DeviceId.Evaluation;
using DeviceId.Foundation;

namespace DeviceId.Experiments;

/// <summary>
/// Chooses settings by nested cross-validation: each training sentence is held out in turn, every candidate is trained on the others, and
/// the one with the highest mean accuracy by segment is chosen; of equal ones the first. All systems are searched by this procedure.
/// </summary>
/// <param name="pipeline">Trains systems on recordings.</param>
internal sealed class SettingsSearch(Pipeline pipeline)
{
    /// <summary>Searches among the candidates of the settings.</summary>
    /// <param name="settings">Settings with candidates.</param>
    /// <param name="train">The training recordings; no other recordings are read.</param>
    /// <param name="seed">Seed of all random choices.</param>
    /// <param name="cancellationToken">Checked at least every few seconds.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public SearchOutcome Run(TrialSettings settings, TrainSet train, long seed, CancellationToken cancellationToken = default)
    {
        var (clock, folds) = (Stopwatch.StartNew(), Folds.Inner(train));
        var accuracies = settings.Candidates!.ToDictionary(candidate => candidate.Name, _ => new double[folds.Count]);
        foreach (var (number, fold) in folds.Index())
            foreach (var sameFrontEnd in settings.Candidates!.GroupBy(candidate => Json.WriteKey(candidate.FrontEnd)))
                Evaluate([.. sameFrontEnd], fold, seed, (name, accuracy) => accuracies[name][number] = accuracy, cancellationToken);
        SearchRow[] rows = [.. settings.Candidates!.Select(candidate => new SearchRow(candidate.Name, accuracies[candidate.Name]))];

        // MaxBy returns the first of equal elements; without inner splits all are equal.
        var chosen = rows.MaxBy(row => row.Accuracies.DefaultIfEmpty(0).Average())!.Name;
        return new SearchOutcome(chosen, [.. folds.Select(fold => fold.Name)], rows, clock.Elapsed.TotalSeconds);
    }

    /// <summary>Trains and tests candidates that share a front end.</summary>
    private void Evaluate(IReadOnlyList<SettingsCandidate> candidates, Split fold, long seed, Action<string, double> onAccuracy,
        CancellationToken cancellationToken)
    {
        var frontEnd = candidates[0].FrontEnd;
        using var samples = pipeline.Prepare(fold.Train, frontEnd, cancellationToken: cancellationToken);
        using var test = samples.FrontEnd.Transform(fold.Test, pipeline.Work, cancellationToken);
        foreach (var candidate in candidates)
        {
            using var system = pipeline.Train(samples, candidate.Classifier, seed, cancellationToken: cancellationToken);
            onAccuracy(candidate.Name, Accuracy.Compute(system.Predict(test, cancellationToken).Deep).Value);
        }
    }
}
