namespace DeviceId.Evaluation;

/// <summary>How often each device was taken for each other.</summary>
public sealed class ConfusionMatrix
{
    private readonly int[,] _counts;

    /// <summary>Counts the predictions.</summary>
    public ConfusionMatrix(Predictions predictions)
    {
        Devices = predictions.Devices;
        _counts = new int[Devices.Count, Devices.Count];
        for (var i = 0; i < predictions.Count; i++)
            _counts[predictions.Labels[i], predictions.PredictedLabel(i)]++;
    }

    /// <summary>Counts answers.</summary>
    /// <param name="devices">Class names.</param>
    /// <param name="answers">What was true and what was said.</param>
    public ConfusionMatrix(IReadOnlyList<string> devices, IEnumerable<Answer> answers)
    {
        Devices = devices;
        _counts = new int[devices.Count, devices.Count];
        foreach (var answer in answers)
            _counts[answer.Truth, answer.Given]++;
    }

    /// <summary>Class names, the order of both axes.</summary>
    public IReadOnlyList<string> Devices { get; }

    /// <summary>Samples of the device <paramref name="actual"/> that were given to <paramref name="predicted"/>.</summary>
    public int this[int actual, int predicted] => _counts[actual, predicted];

    /// <summary>Samples of a device.</summary>
    public int Total(int actual) => Enumerable.Range(0, Devices.Count).Sum(predicted => _counts[actual, predicted]);

    /// <summary>Right answers among a device's samples, with interval.</summary>
    public Accuracy Recall(int actual) => new(_counts[actual, actual], Total(actual));

    /// <summary>The pairs with most confusions, either way round, most first; pairs never confused are left out.</summary>
    internal IReadOnlyList<ConfusedPair> MostConfused(int count)
    {
        var pairs =
            from first in Enumerable.Range(0, Devices.Count)
            from second in Enumerable.Range(first + 1, Devices.Count - first - 1)
            let pair = new ConfusedPair(Devices[first], Devices[second], _counts[first, second], _counts[second, first],
                Total(first) + Total(second))
            where pair.Confusions > 0
            orderby pair.Confusions descending, first, second
            select pair;
        return [.. pairs.Take(count)];
    }
}

/// <summary>Two devices that were taken for each other.</summary>
/// <param name="First">One device.</param>
/// <param name="Second">The other.</param>
/// <param name="FirstAsSecond">Samples of the first given to the second.</param>
/// <param name="SecondAsFirst">Samples of the second given to the first.</param>
/// <param name="Samples">Samples of both.</param>
internal sealed record ConfusedPair(string First, string Second, int FirstAsSecond, int SecondAsFirst, int Samples)
{
    /// <summary>Confusions in both directions.</summary>
    public int Confusions => FirstAsSecond + SecondAsFirst;
}
