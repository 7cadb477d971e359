namespace DeviceId.Evaluation;

/// <summary>Comparison of two systems on the same test items.</summary>
/// <param name="Difference">Accuracy of the first minus that of the second, in [-1, 1].</param>
/// <param name="Interval">95 % interval of the difference, by cluster bootstrap over recordings.</param>
/// <param name="Test">McNemar's test.</param>
/// <param name="DesignEffect">The larger of the two systems' design effects: see <see cref="ClusterBootstrap.DesignEffect"/>.</param>
/// <param name="ItemsPerRecording">Mean number of test items per recording that both systems answered; 0 without any.</param>
internal sealed record Comparison(double Difference, Interval Interval, McNemar Test, double DesignEffect, double ItemsPerRecording)
{
    /// <summary>Compares answers to the same items; items that only one of the two answered are left out.</summary>
    public static Comparison Compute(IReadOnlyCollection<Answer> first, IReadOnlyCollection<Answer> second)
    {
        var test = McNemar.Test(first, second);
        var itemsOfSecond = second.Select(answer => answer.Item).ToHashSet();
        var difference = test.Items == 0 ? 0 : (test.OnlyFirst - test.OnlySecond) / (double)test.Items;
        var designEffect = Math.Max(ClusterBootstrap.DesignEffect(first), ClusterBootstrap.DesignEffect(second));
        var recordings = first.Where(answer => itemsOfSecond.Contains(answer.Item)).Select(answer => answer.Recording).Distinct().Count();
        return new Comparison(
            difference, ClusterBootstrap.DifferenceInterval(first, second), test, designEffect,
            test.Items / (double)Math.Max(1, recordings));
    }

    /// <summary>
    /// Number of test recordings needed to detect a difference with 80 % power, at the rate of discordant pairs observed here.
    /// </summary>
    /// <param name="difference">The difference in accuracy, not 0.</param>
    public long RecordingsFor(double difference)
    {
        var items = SampleSize.ForMcNemar(difference, Math.Min(1, (Test.OnlyFirst + Test.OnlySecond + 1) / (Test.Items + 1.0)));
        return (long)Math.Ceiling(items * DesignEffect / Math.Max(1, ItemsPerRecording));
    }
}
