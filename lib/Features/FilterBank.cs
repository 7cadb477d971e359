namespace DeviceId.Features;

/// <summary>Triangular filters on the mel scale, for the bins of a real Fourier transform.</summary>
/// <remarks>
/// As VOICEBOX <c>melbankm</c> builds them (docs/mfcc.md, step 4): centres equally spaced in mel from 0 to half the sample rate (or over a
/// part of that), triangles straight in the mel domain, weight <c>2 max(0, 1 - |m(f) / step - j|)</c>. The first bin (DC) and the bin
/// <c>floor(n / 2)</c> weigh nothing.
/// A filter that is narrower than the bins are apart may hold no bin at all; its energy is then zero and the floor of <see cref="Mfcc"/>
/// takes its place.
/// </remarks>
internal sealed class FilterBank
{
    private readonly double _low;
    private readonly double _step;

    /// <summary>Builds the bank.</summary>
    /// <param name="filters">Number of filters, at least 1.</param>
    /// <param name="frameLength">Samples in a frame, which is also the length of the Fourier transform; at least 4.</param>
    /// <param name="sampleRate">Samples per second (Hz).</param>
    /// <param name="lowHertz">Where the lowest filter begins (Hz).</param>
    /// <param name="highHertz">Where the highest filter ends (Hz); null for half the sample rate.</param>
    /// <exception cref="ArgumentException">The band does not lie between DC and half the sample rate.</exception>
    public FilterBank(int filters, int frameLength, int sampleRate, double lowHertz = 0, double? highHertz = null)
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
        _low = Mel(lowHertz);
        _step = (Mel(high) - _low) / (filters + 1);
        Weights = new double[filters, Bins];
        for (var bin = 1; bin < frameLength / 2; bin++)
        {
            var position = (Mel(bin * (double)sampleRate / frameLength) - _low) / _step;
            for (var filter = 0; filter < filters; filter++)
                Weights[filter, bin] = 2 * Math.Max(0, 1 - Math.Abs(position - (filter + 1)));
        }
    }

    /// <summary>Number of filters.</summary>
    public int Filters { get; }

    /// <summary>Bins of the transform, <c>floor(n / 2) + 1</c>, DC first.</summary>
    public int Bins { get; }

    /// <summary>Weights, (filter, bin), from 0 to 2.</summary>
    public double[,] Weights { get; }

    /// <summary>Frequency where a filter peaks (Hz).</summary>
    /// <param name="filter">0 for the lowest.</param>
    public double CentreHertz(int filter) => Hertz(_low + (filter + 1) * _step);

    /// <summary>Mel of a frequency: <c>1000 / ln(1 + 1000 / 700) ln(1 + f / 700)</c>, so that 1000 Hz are 1000 mel.</summary>
    /// <param name="hertz">Frequency (Hz), at least 0.</param>
    public static double Mel(double hertz) => 1000 / Math.Log(1 + 1000 / 700.0) * Math.Log(1 + hertz / 700);

    /// <summary>Frequency (Hz) of a mel value: the inverse of <see cref="Mel"/>.</summary>
    /// <param name="mel">Mel, at least 0.</param>
    public static double Hertz(double mel) => 700 * (Math.Exp(mel * Math.Log(1 + 1000 / 700.0) / 1000) - 1);
}
