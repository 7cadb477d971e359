namespace DeviceId.Experiments;

/// <summary>Result of the robustness study over all held-out sentences.</summary>
public sealed class RobustnessResult
{
    /// <param name="splits">At least one, of the same study: with the same conditions in the same order.</param>
    /// <exception cref="ArgumentException">There is no split, or their conditions differ.</exception>
    internal RobustnessResult(IReadOnlyList<RobustnessSplit> splits)
    {
        static IEnumerable<string> Labels(RobustnessSplit split) => split.Conditions.Select(c => c.Label);
        if (splits.Count == 0 || splits.Any(split => !Labels(split).SequenceEqual(Labels(splits[0]))))
            throw new ArgumentException(
                "There must be results of at least one held-out sentence, all with the same test conditions.", nameof(splits));
        Splits = splits;
        Rows =
        [
            .. from i in Enumerable.Range(0, splits[0].Conditions.Count)
               from system in Enum.GetValues<RobustnessSystem>()
               select new RobustnessRow(
                   splits[0].Conditions[i], system,
                   [.. splits.SelectMany(s => s.Segments(s.Conditions[i], system))],
                   [.. splits.SelectMany(s => s.WholeRecordings(s.Conditions[i], system))]),
        ];
    }

    /// <summary>Results of the held-out sentences.</summary>
    internal IReadOnlyList<RobustnessSplit> Splits { get; }

    /// <summary>A row for every condition and system, in the order of the study.</summary>
    internal IReadOnlyList<RobustnessRow> Rows { get; }

    /// <summary>Kinds of degradation, in the order of the study.</summary>
    public IReadOnlyList<string> Names =>
        [.. Rows.Select(row => row.Condition.Name).Where(name => name != RobustnessCondition.Untouched).Distinct()];

    /// <summary>The row of a condition and a system.</summary>
    /// <param name="label">Label of the condition, such as "white noise, 10 dB".</param>
    /// <param name="system">The system.</param>
    /// <exception cref="ArgumentException">No such condition was tested.</exception>
    internal RobustnessRow this[string label, RobustnessSystem system] =>
        Rows.FirstOrDefault(row => row.Condition.Label == label && row.System == system)
        ?? throw new ArgumentException(
            $"'{label}' was not tested; there are {string.Join("; ", Rows.Select(row => row.Condition.Label).Distinct())}.", nameof(label));

    /// <summary>The row of a system on the recordings without degradation.</summary>
    internal RobustnessRow Clean(RobustnessSystem system) => this[RobustnessCondition.Untouched, system];
}
