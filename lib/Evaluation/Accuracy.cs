using System.Globalization;

namespace DeviceId.Evaluation;

/// <summary>Proportion of correct answers, with its confidence interval.</summary>
/// <param name="Correct">Number of correct answers.</param>
/// <param name="Total">Number of answers.</param>
public sealed record Accuracy(int Correct, int Total)
{
    /// <summary>Proportion of correct answers in [0, 1]; NaN without answers.</summary>
    public double Value => Correct / (double)Total;

    /// <summary>95 % Wilson interval.</summary>
    public Interval Interval => Interval.Wilson(Correct, Total);

    /// <summary>
    /// Accuracy of predictions: a sample is correct when its device has the highest score (the first device among equal scores).
    /// </summary>
    public static Accuracy Compute(Predictions predictions) =>
        new(Enumerable.Range(0, predictions.Count).Count(i => predictions.PredictedLabel(i) == predictions.Labels[i]), predictions.Count);

    /// <summary>Accuracy of answers.</summary>
    public static Accuracy Compute(IEnumerable<Answer> answers)
    {
        var all = answers.ToList();
        return new Accuracy(all.Count(answer => answer.IsRight), all.Count);
    }

    /// <summary>Text such as "94.1 % [92.6, 95.4], n = 1575".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{100 * Value:0.0} % [{100 * Interval.Low:0.0}, {100 * Interval.High:0.0}], n = {Total}");
}
