using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>Settings of the log spectrum of each frame, <see cref="LogSpectrum"/>: ln |X| at equally spaced frequencies.</summary>
[OptionsKind("logSpectrum")]
public sealed record LogSpectrumOptions : FeatureOptions
{
    /// <summary>
    /// Number of frequencies from DC to half the sampling rate (columns), from 2 to 16385. With frames of 2 (Bins - 1) samples these are
    /// the bins of their FFT. With shorter frames the spectrum is interpolated; with longer ones neighbouring bins are averaged.
    /// </summary>
    public int Bins { get; init; } = 513;

    /// <inheritdoc/>
    public override int Dimension => Bins;

    /// <inheritdoc/>
    public override IFrameFeatures Create(Device device) => new BlockFeatures(
        this, device, LogSpectrum.ArithmeticVersion, rate => new LogSpectrum(Grid(rate), Bins, device));

    /// <inheritdoc/>
    public override IEnumerable<string> Problems() => base.Problems().Concat(LogSpectrum.Problems(Bins));
}
