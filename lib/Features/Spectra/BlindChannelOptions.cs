using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>Settings of the blind channel response, <see cref="BlindChannel"/>.</summary>
[OptionsKind("blindChannel")]
public sealed record BlindChannelOptions : FeatureOptions
{
    /// <summary>Number of frequencies from DC to half the sampling rate (columns), from 2 to 16385.</summary>
    public int Bins { get; init; } = 257;

    /// <summary>Duration (s) over which log spectra are averaged, centred at each frame; from 0 to 3600. 0 for single frames.</summary>
    public double WindowSeconds { get; init; } = 4;

    /// <summary>
    /// Levels above this are left out of the average (dB): most of them are speech. 0 dB is the level of white noise with the recording's
    /// root mean square. The default is 0 dB of the unnormalised FFT in the code of POLIPHONE (512 samples, Hamming window).
    /// </summary>
    public double CeilingDecibels { get; init; } = -23;

    /// <inheritdoc/>
    public override int Dimension => Bins;

    /// <inheritdoc/>
    public override IFrameFeatures Create(Device device) =>
        new BlockFeatures(this, device, BlindChannel.ArithmeticVersion, rate => new BlindChannel(this, rate, device));

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        foreach (var problem in base.Problems().Concat(LogSpectrum.Problems(Bins)))
            yield return problem;
        if (WindowSeconds is not (>= 0 and <= 3600))
            yield return FormattableString.Invariant($"WindowSeconds is {WindowSeconds}; it must be from 0 to 3600.");
        if (CeilingDecibels is not (>= -160 and <= 160))
            yield return FormattableString.Invariant($"CeilingDecibels is {CeilingDecibels}; it must be from -160 to 160.");
    }
}
