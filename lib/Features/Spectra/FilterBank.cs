namespace DeviceId.Features;

/// <summary>Triangular filter bank for the bins of a real FFT, on the mel scale or another.</summary>
/// <remarks>
/// Computed as by VOICEBOX <c>melbankm</c> (docs/mfcc.md, step 4): centres equally spaced in mel from 0 to half the sampling rate (or over
/// a part of that range), filters triangular in mel, weight <c>2 max(0, 1 - |m(f) / step - j|)</c>. The first bin (DC) and bin
/// <c>floor(n / 2)</c> have zero weight. On another scale, m(f) is that scale.
/// A filter narrower than the bin spacing may contain no bin. Its output is then zero, and the floor of <see cref="Mfcc"/> replaces it.
/// </remarks>
internal sealed class FilterBank
{
    private readonly FrequencyScale _scale;
    private readonly double _low;
    private readonly double _step;

    /// <summary>Computes the weights.</summary>
    /// <param name="filters">Number of filters, at least 1.</param>
    /// <param name="frameLength">Samples per frame, equal to the FFT length; at least 4.</param>
    /// <param name="sampleRate">Sampling rate (Hz).</param>
    /// <param name="lowHertz">Lower edge of the lowest filter (Hz).</param>
    /// <param name="highHertz">Upper edge of the highest filter (Hz); null for half the sampling rate.</param>
    /// <param name="scale">Scale of the centres and of the triangles.</param>
    /// <exception cref="ArgumentException">The band does not lie between DC and half the sampling rate.</exception>
    public FilterBank(int filters, int frameLength, int sampleRate, double lowHertz = 0, double? highHertz = null,
        FrequencyScale scale = FrequencyScale.Mel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(filters, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(frameLength, 4);
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRate, 1);
        var high = highHertz ?? sampleRate / 2.0;
        if (!(lowHertz >= 0 && lowHertz < high && high <= sampleRate / 2.0))
            throw new ArgumentException(FormattableString.Invariant(
                $"Filters from {lowHertz} to {high} Hz do not fit recordings of {sampleRate} Hz, which end at {sampleRate / 2.0} Hz."));
        Filters = filters;
        Bins = frameLength / 2 + 1;
        _scale = scale;
        _low = scale.FromHertz(lowHertz);
        _step = (scale.FromHertz(high) - _low) / (filters + 1);
        Weights = new double[filters, Bins];
        for (var bin = 1; bin < frameLength / 2; bin++)
        {
            var position = (scale.FromHertz(bin * (double)sampleRate / frameLength) - _low) / _step;
            for (var filter = 0; filter < filters; filter++)
                Weights[filter, bin] = 2 * Math.Max(0, 1 - Math.Abs(position - (filter + 1)));
        }
    }

    /// <summary>Number of filters.</summary>
    public int Filters { get; }

    /// <summary>Number of FFT bins, <c>floor(n / 2) + 1</c>, DC first.</summary>
    public int Bins { get; }

    /// <summary>Filter weights (filter, bin), from 0 to 2.</summary>
    public double[,] Weights { get; }

    /// <summary>Centre frequency of a filter (Hz).</summary>
    /// <param name="filter">Index of the filter, 0 for the lowest.</param>
    public double CentreHertz(int filter) => _scale.ToHertz(_low + (filter + 1) * _step);

    /// <summary>Converts a frequency to mel: <c>1000 / ln(1 + 1000 / 700) ln(1 + f / 700)</c>, so that 1000 Hz is 1000 mel.</summary>
    /// <param name="hertz">Frequency (Hz), at least 0.</param>
    public static double Mel(double hertz) => 1000 / Math.Log(1 + 1000 / 700.0) * Math.Log(1 + hertz / 700);

    /// <summary>Converts mel to a frequency (Hz): the inverse of <see cref="Mel"/>.</summary>
    /// <param name="mel">Mel, at least 0.</param>
    public static double Hertz(double mel) => 700 * (Math.Exp(mel * Math.Log(1 + 1000 / 700.0) / 1000) - 1);
}
