namespace DeviceId.Experiments;

/// <summary>What the robustness study has measured: every held-out sentence, taken together.</summary>
public sealed class RobustnessResult
{
    /// <param name="splits">One at least, of one study: the same conditions in the same order.</param>
    /// <exception cref="ArgumentException">There is none, or they differ in their conditions.</exception>
    internal RobustnessResult(IReadOnlyList<RobustnessSplit> splits)
    {
        if (splits.Count == 0 || splits.Any(split => !split.Conditions.Select(c => c.Label)
            .SequenceEqual(splits[0].Conditions.Select(c => c.Label))))
            throw new ArgumentException("There must be results of one sentence at least, and all under the same conditions.",
                nameof(splits));
        Splits = splits;
        Rows = [.. from i in Enumerable.Range(0,
            splits[0].Conditions.Count) from system in Enum.GetValues<RobustnessSystem>() select new RobustnessRow(
            splits[0].Conditions[i], system, [.. splits.SelectMany(s => s.Segments(s.Conditions[i], system))],
                [.. splits.SelectMany(s => s.WholeRecordings(s.Conditions[i], system))])];
    }

    /// <summary>The held-out sentences.</summary>
    internal IReadOnlyList<RobustnessSplit> Splits { get; }

    /// <summary>Every condition with every system, in the order of the study.</summary>
    internal IReadOnlyList<RobustnessRow> Rows { get; }

    /// <summary>Kinds of degradation, in the order of the study.</summary>
    public IReadOnlyList<string> Names =>
        [.. Rows.Select(row => row.Condition.Name).Where(name => name != RobustnessCondition.Untouched).Distinct()];

    /// <summary>A system's row.</summary>
    /// <param name="label">What was done: "white noise, 10 dB".</param>
    /// <param name="system">The system.</param>
    /// <exception cref="ArgumentException">No such condition was tested.</exception>
    internal RobustnessRow this[string label, RobustnessSystem system] =>
        Rows.FirstOrDefault(row => row.Condition.Label == label && row.System == system)
        ?? throw new ArgumentException(
            $"'{label}' was not tested; there are {string.Join("; ", Rows.Select(row => row.Condition.Label).Distinct())}.", nameof(label));

    /// <summary>A system on the recordings as they are.</summary>
    internal RobustnessRow Clean(RobustnessSystem system) => this[RobustnessCondition.Untouched, system];
}
