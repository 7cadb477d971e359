using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>Settings of <see cref="LogMelEnergies"/>.</summary>
[OptionsKind("logMel")]
public sealed record LogMelOptions : FeatureOptions
{
    /// <summary>Number of mel filters (columns), from 1 to 1000.</summary>
    public int Filters { get; init; } = 40;

    /// <summary>Lower edge of the lowest filter (Hz), 0 for DC.</summary>
    public double LowHertz { get; init; }

    /// <summary>Upper edge of the highest filter (Hz); null for half the sampling rate.</summary>
    public double? HighHertz { get; init; }

    /// <summary>Whether each recording is first scaled to a root mean square of 1.</summary>
    public bool LevelNormalisation { get; init; }

    /// <inheritdoc/>
    public override int Dimension => Filters;

    /// <summary>MFCC settings with as many coefficients as filters, so that the DCT is invertible.</summary>
    internal MfccOptions InvertibleMfcc => new()
    {
        FrameMilliseconds = FrameMilliseconds, FrameRounding = FrameRounding, HopFraction = HopFraction, Filters = Filters,
        Coefficients = Filters, LowHertz = LowHertz, HighHertz = HighHertz, LevelNormalisation = LevelNormalisation, Deltas = false,
    };

    /// <inheritdoc/>
    public override IFrameFeatures Create(Device device) => new LogMelEnergies(this, device);

    /// <inheritdoc/>
    public override FilterResponses FiltersFor(int sampleRate) => InvertibleMfcc.FiltersFor(sampleRate);

    /// <inheritdoc/>
    public override IEnumerable<string> Problems() =>
        Filters < 1 ? [$"Filters is {Filters}; at least 1 is needed."] : InvertibleMfcc.Problems();
}
