namespace DeviceId.Features;

/// <summary>Squared magnitude responses of fourth-order gammatone filters at the bins of a real FFT.</summary>
/// <remarks>
/// Equivalent rectangular bandwidth <c>ERB(f) = 24.7 (0.00437 f + 1)</c> Hz (B. R. Glasberg, B. C. J. Moore, Hearing Research 47, 1990);
/// centres equally spaced on the scale <c>ln(0.00437 f + 1)</c>; weight <c>(1 + ((f - centre) / (1.019 ERB(centre)))^2)^-4</c>, divided by
/// the sum of the filter's weights.
/// </remarks>
internal sealed class GammatoneBank
{
    private const double PerHertz = 0.00437;

    /// <summary>Computes the weights.</summary>
    /// <param name="channels">Number of filters, at least 1.</param>
    /// <param name="frameLength">Samples per frame, equal to the FFT length.</param>
    /// <param name="sampleRate">Sampling rate (Hz).</param>
    /// <param name="lowHertz">Centre of the lowest filter (Hz); the highest is at half the sampling rate.</param>
    /// <exception cref="ArgumentException">The lowest centre is not below half the sampling rate.</exception>
    public GammatoneBank(int channels, int frameLength, int sampleRate, double lowHertz)
    {
        if (!(lowHertz < sampleRate / 2.0))
            throw new ArgumentException(FormattableString.Invariant(
                $"Filters from {lowHertz} Hz do not fit recordings of {sampleRate} Hz, which end at {sampleRate / 2.0} Hz."));
        var (low, high) = (Scale(lowHertz), Scale(sampleRate / 2.0));
        CentreHertz = [.. Enumerable.Range(0, channels)
            .Select(channel => (Math.Exp(low + (high - low) * channel / Math.Max(1, channels - 1)) - 1) / PerHertz)];
        Weights = new double[channels, frameLength / 2 + 1];
        for (var channel = 0; channel < channels; channel++)
        {
            var centre = CentreHertz[channel];
            var bandwidth = 1.019 * 24.7 * (PerHertz * centre + 1);
            var weights = Enumerable.Range(0, frameLength / 2 + 1).Select(bin => bin * (double)sampleRate / frameLength)
                .Select(hertz => Math.Pow(1 + Math.Pow((hertz - centre) / bandwidth, 2), -4)).ToArray();
            for (var bin = 0; bin < weights.Length; bin++)
                Weights[channel, bin] = weights[bin] / weights.Sum();
        }
    }

    /// <summary>Centre frequency of each filter (Hz).</summary>
    public IReadOnlyList<double> CentreHertz { get; }

    /// <summary>Weights (filter, bin); those of a filter add up to 1.</summary>
    public double[,] Weights { get; }

    private static double Scale(double hertz) => Math.Log(PerHertz * hertz + 1);
}
