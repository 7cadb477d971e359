namespace DeviceId.Evaluation;

/// <summary>Two systems on the same test items.</summary>
/// <param name="Difference">Accuracy of the first minus that of the second, in [-1, 1].</param>
/// <param name="Interval">Its 95 % interval; whole recordings are drawn anew.</param>
/// <param name="Test">McNemar's test.</param>
/// <param name="DesignEffect">
/// How many times the segments of one recording repeat one another: see <see cref="ClusterBootstrap.DesignEffect"/>.
/// </param>
/// <param name="ItemsPerRecording">Test items of a recording, on average, that both answered; 0 where there are none.</param>
internal sealed record Comparison(double Difference, Interval Interval, McNemar Test, double DesignEffect, double ItemsPerRecording)
{
    /// <summary>Compares answers to the same items; what only one of the two answered is left out.</summary>
    public static Comparison Compute(IReadOnlyCollection<Answer> first, IReadOnlyCollection<Answer> second)
    {
        var test = McNemar.Test(first, second);
        var ofSecond = second.Select(answer => answer.Item).ToHashSet();
        return new Comparison(
            test.Items == 0 ? 0 : (test.OnlyFirst - test.OnlySecond) / (double)test.Items,
                ClusterBootstrap.DifferenceInterval(first, second), test,
            Math.Max(ClusterBootstrap.DesignEffect(first), ClusterBootstrap.DesignEffect(second)),
            test.Items / (double)Math.Max(1,
                first.Where(answer => ofSecond.Contains(answer.Item)).Select(answer => answer.Recording).Distinct().Count()));
    }

    /// <summary>
    /// Test recordings that it would take to see a difference in four of five experiments, at the rate of disagreement found here.
    /// </summary>
    /// <param name="difference">The difference in accuracy, not 0.</param>
    public long RecordingsFor(double difference)
    {
        var items = SampleSize.ForMcNemar(difference, Math.Min(1, (Test.OnlyFirst + Test.OnlySecond + 1) / (Test.Items + 1.0)));
        return (long)Math.Ceiling(items * DesignEffect / Math.Max(1, ItemsPerRecording));
    }
}
