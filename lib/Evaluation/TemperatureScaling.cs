namespace DeviceId.Evaluation;

/// <summary>
/// Temperature scaling: calibrates probabilities by dividing all logits by one temperature. The predicted class does not change.
/// </summary>
/// <remarks>C. Guo, G. Pleiss, Y. Sun, K. Q. Weinberger, "On calibration of modern neural networks", ICML 2017.</remarks>
internal static class TemperatureScaling
{
    private const double MinTemperature = 0.01;
    private const double MaxTemperature = 100;
    private const int BisectionSteps = 60;

    /// <summary>The temperature that maximises the likelihood of the true classes.</summary>
    /// <param name="logits">
    /// Logits (sample, class), or natural logarithms of probabilities, of samples that were not used for training.
    /// </param>
    /// <param name="labels">The true class of each sample.</param>
    /// <param name="prior">
    /// Precision of a prior that favours a temperature of 1: the logarithm of the temperature is normal with mean 0 and variance
    /// 1 / <paramref name="prior"/>. Without a prior (0), the optimum for samples that are all classified correctly would be a temperature
    /// of 0, that is, probabilities of 0 and 1.
    /// </param>
    /// <returns>From 0.01 to 100; above 1 if the probabilities are overconfident.</returns>
    /// <exception cref="ArgumentException">There are no samples, sizes or labels are wrong, or a logit is not finite.</exception>
    public static double Fit(IReadOnlyList<double[]> logits, IReadOnlyList<int> labels, double prior = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(prior);
        if (logits.Count == 0 || logits.Count != labels.Count)
            throw new ArgumentException(
                $"There are {logits.Count} samples and {labels.Count} labels: there must be at least one sample, and one label for each.");
        if (logits.Zip(labels).Any(pair => pair.Second < 0 || pair.Second >= pair.First.Length || !pair.First.All(double.IsFinite)))
            throw new ArgumentException("A label is not one of the classes, or a logit is not finite.");

        // The loss is convex in x = 1 / temperature: its gradient has one zero, which bisection finds. With the gradient of the prior,
        // ln(x) / x, there is still only one.
        var (low, high) = (1 / MaxTemperature, 1 / MinTemperature);
        for (var i = 0; i < BisectionSteps; i++)
        {
            var middle = Math.Sqrt(low * high);
            if (Gradient(logits, labels, middle) + (prior * Math.Log(middle) / middle) > 0)
                high = middle;
            else
                low = middle;
        }

        return 1 / Math.Sqrt(low * high);
    }

    /// <summary>Softmax of logits divided by a temperature.</summary>
    /// <param name="logits">Logits (class).</param>
    /// <param name="temperature">Above 0.</param>
    public static double[] Probabilities(ReadOnlySpan<double> logits, double temperature)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(temperature);
        var values = new double[logits.Length];
        var (max, sum) = (double.NegativeInfinity, 0.0);
        foreach (var logit in logits)
            max = Math.Max(max, logit);
        for (var i = 0; i < values.Length; i++)
            sum += values[i] = Math.Exp((logits[i] - max) / temperature);
        for (var i = 0; i < values.Length; i++)
            values[i] /= sum;
        return values;
    }

    /// <summary>
    /// Gradient of the negative log-likelihood with respect to the inverse temperature: sum over samples of expected minus true logit.
    /// </summary>
    private static double Gradient(IReadOnlyList<double[]> logits, IReadOnlyList<int> labels, double inverseTemperature)
    {
        var gradient = 0.0;
        for (var i = 0; i < logits.Count; i++)
        {
            var p = Probabilities(logits[i], 1 / inverseTemperature);
            for (var k = 0; k < p.Length; k++)
                gradient += p[k] * logits[i][k];
            gradient -= logits[i][labels[i]];
        }

        return gradient;
    }
}
