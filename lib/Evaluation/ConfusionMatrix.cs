namespace DeviceId.Evaluation;

/// <summary>Confusion matrix: how often each device was predicted for samples of each device.</summary>
public sealed class ConfusionMatrix
{
    private readonly int[,] _counts;

    /// <summary>Confusion matrix of predictions.</summary>
    public ConfusionMatrix(Predictions predictions)
    {
        Devices = predictions.Devices;
        _counts = new int[Devices.Count, Devices.Count];
        for (var i = 0; i < predictions.Count; i++)
            _counts[predictions.Labels[i], predictions.PredictedLabel(i)]++;
    }

    /// <summary>Confusion matrix of answers.</summary>
    /// <param name="devices">Class names; a device's position is its label.</param>
    /// <param name="answers">Predicted and true labels.</param>
    public ConfusionMatrix(IReadOnlyList<string> devices, IEnumerable<Answer> answers)
    {
        Devices = devices;
        _counts = new int[devices.Count, devices.Count];
        foreach (var answer in answers)
            _counts[answer.Truth, answer.Given]++;
    }

    /// <summary>Class names, the order of both axes.</summary>
    public IReadOnlyList<string> Devices { get; }

    /// <summary>
    /// Number of samples of the device <paramref name="actual"/> for which <paramref name="predicted"/> was predicted.
    /// </summary>
    public int this[int actual, int predicted] => _counts[actual, predicted];

    /// <summary>Number of samples of a device.</summary>
    public int Total(int actual) => Enumerable.Range(0, Devices.Count).Sum(predicted => _counts[actual, predicted]);

    /// <summary>Proportion of a device's samples that were predicted correctly, with its interval.</summary>
    public Accuracy Recall(int actual) => new(_counts[actual, actual], Total(actual));

    /// <summary>
    /// The pairs of devices with the most confusions in both directions, in descending order; pairs without any are left out.
    /// </summary>
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

/// <summary>Two devices that were confused with each other.</summary>
/// <param name="First">One device.</param>
/// <param name="Second">The other device.</param>
/// <param name="FirstAsSecond">Number of samples of the first predicted as the second.</param>
/// <param name="SecondAsFirst">Number of samples of the second predicted as the first.</param>
/// <param name="Samples">Number of samples of both devices.</param>
internal sealed record ConfusedPair(string First, string Second, int FirstAsSecond, int SecondAsFirst, int Samples)
{
    /// <summary>Confusions in both directions.</summary>
    public int Confusions => FirstAsSecond + SecondAsFirst;
}
