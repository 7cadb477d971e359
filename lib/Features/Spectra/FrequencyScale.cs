namespace DeviceId.Features;

/// <summary>Scale on which the centres of a filter bank are equally spaced.</summary>
public enum FrequencyScale
{
    /// <summary>Mel: <c>1000 ln(1 + f / 700) / ln(1 + 1000 / 700)</c>.</summary>
    Mel,

    /// <summary>Linear in Hz: equally fine up to half the sampling rate.</summary>
    Linear,

    /// <summary>Bark: <c>6 asinh(f / 600)</c> (H. Hermansky, J. Acoust. Soc. Am. 87(4), 1990, with f in Hz).</summary>
    Bark,
}

/// <summary>Conversions between Hz and the values of a <see cref="FrequencyScale"/>.</summary>
internal static class FrequencyScales
{
    /// <summary>Converts a frequency (Hz, at least 0) to the scale.</summary>
    public static double FromHertz(this FrequencyScale scale, double hertz) => scale switch
    {
        FrequencyScale.Mel => FilterBank.Mel(hertz),
        FrequencyScale.Linear => hertz,
        FrequencyScale.Bark => 6 * Math.Asinh(hertz / 600),
        _ => throw new ArgumentOutOfRangeException(nameof(scale)),
    };

    /// <summary>Converts a value of the scale to a frequency (Hz): the inverse of <see cref="FromHertz"/>.</summary>
    public static double ToHertz(this FrequencyScale scale, double value) => scale switch
    {
        FrequencyScale.Mel => FilterBank.Hertz(value),
        FrequencyScale.Linear => value,
        FrequencyScale.Bark => 600 * Math.Sinh(value / 6),
        _ => throw new ArgumentOutOfRangeException(nameof(scale)),
    };
}
