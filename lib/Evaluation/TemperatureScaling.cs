namespace DeviceId.Evaluation;

/// <summary>Makes probabilities mean what they say: all logits are divided by one temperature, which changes no answer.</summary>
/// <remarks>C. Guo, G. Pleiss, Y. Sun, K. Q. Weinberger, "On calibration of modern neural networks", ICML 2017.</remarks>
internal static class TemperatureScaling
{
    private const double MinLogTemperature = 0.01;
    private const double MaxLogTemperature = 100;
    private const int Halvings = 60;

    /// <summary>The temperature under which the true classes are likeliest.</summary>
    /// <param name="logits">
    /// (sample, class): logits, or natural logarithms of probabilities, which are logits too. Of samples that nothing was learnt from.
    /// </param>
    /// <param name="labels">The true class of each sample.</param>
    /// <param name="prior">
    /// Weight of the belief that the temperature is near 1: its logarithm is normal with a variance of 1 / <paramref name="prior"/>. Where
    /// all samples are right, the likeliest temperature without such a belief is 0, and the probabilities those of certainty.
    /// </param>
    /// <returns>From 0.01 to 100; above 1 the probabilities were too sure.</returns>
    /// <exception cref="ArgumentException">No samples, sizes that do not fit, or a value that is not finite.</exception>
    public static double Fit(IReadOnlyList<double[]> logits, IReadOnlyList<int> labels, double prior = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(prior);
        if (logits.Count == 0 || logits.Count != labels.Count)
            throw new ArgumentException($"There are {logits.Count} samples and {labels.Count} labels: there must be as many, and some.");
        if (logits.Zip(labels).Any(pair => pair.Second < 0 || pair.Second >= pair.First.Length || !pair.First.All(double.IsFinite)))
            throw new ArgumentException("A label lies outside the classes, or a logit is not finite.");
        // The loss is convex in 1 / temperature: its slope has one zero, which bisection finds. With the prior's part, ln(x) / x, it still
        // has one.
        var (low, high) = (1 / MaxLogTemperature, 1 / MinLogTemperature);
        for (var i = 0; i < Halvings; i++)
        {
            var middle = Math.Sqrt(low * high);
            if (Slope(logits, labels, middle) + (prior * Math.Log(middle) / middle) > 0)
                high = middle;
            else
                low = middle;
        }

        return 1 / Math.Sqrt(low * high);
    }

    /// <summary>Probabilities at a temperature.</summary>
    /// <param name="logits">(class).</param>
    /// <param name="temperature">Above 0.</param>
    public static double[] Probabilities(ReadOnlySpan<double> logits, double temperature)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(temperature);
        var values = new double[logits.Length];
        var (greatest, sum) = (double.NegativeInfinity, 0.0);
        foreach (var logit in logits)
            greatest = Math.Max(greatest, logit);
        for (var i = 0; i < values.Length; i++)
            sum += values[i] = Math.Exp((logits[i] - greatest) / temperature);
        for (var i = 0; i < values.Length; i++)
            values[i] /= sum;
        return values;
    }

    /// <summary>Derivative of the negative log-likelihood by the inverse temperature: expected minus true logit.</summary>
    private static double Slope(IReadOnlyList<double[]> logits, IReadOnlyList<int> labels, double inverse)
    {
        var slope = 0.0;
        for (var i = 0; i < logits.Count; i++)
        {
            var p = Probabilities(logits[i], 1 / inverse);
            for (var k = 0; k < p.Length; k++)
                slope += p[k] * logits[i][k];
            slope -= logits[i][labels[i]];
        }

        return slope;
    }
}
