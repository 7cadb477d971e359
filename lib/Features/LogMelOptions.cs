using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>Settings of <see cref="LogMelEnergies"/>.</summary>
[OptionsKind("logMel")]
public sealed record LogMelOptions : FeatureOptions
{
    /// <summary>Mel filters, one column each, from 1 to 1000.</summary>
    public int Filters { get; init; } = 40;

    /// <summary>Where the lowest filter begins (Hz), 0 for DC.</summary>
    public double LowHertz { get; init; }

    /// <summary>Where the highest filter ends (Hz); null for half the sample rate.</summary>
    public double? HighHertz { get; init; }

    /// <summary>Whether each recording is first brought to a root mean square of 1.</summary>
    public bool LevelNormalisation { get; init; }

    /// <inheritdoc/>
    public override int Dimension => Filters;

    /// <summary>The cepstra of the same filters that lose nothing: as many coefficients as filters.</summary>
    internal MfccOptions InvertibleCepstra => new()
    {
        FrameMilliseconds = FrameMilliseconds, FrameRounding = FrameRounding, HopFraction = HopFraction, Filters = Filters,
        Coefficients = Filters, LowHertz = LowHertz, HighHertz = HighHertz, LevelNormalisation = LevelNormalisation, Deltas = false,
    };

    /// <inheritdoc/>
    public override IFrameFeatures Create(Device device) => new LogMelEnergies(this, device);

    /// <inheritdoc/>
    public override IEnumerable<string> Problems() =>
        Filters < 1 ? [$"Filters is {Filters}; at least 1 is needed."] : InvertibleCepstra.Problems();
}
