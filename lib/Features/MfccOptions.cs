using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>Settings of <see cref="Mfcc"/>. The default is the paper's text, <see cref="AsWritten"/>.</summary>
[OptionsKind("mfcc")]
public sealed record MfccOptions : FeatureOptions
{
    /// <summary>The paper's text: frames of 30 ms every 15 ms.</summary>
    public static MfccOptions AsWritten { get; } = new();

    /// <summary>
    /// VOICEBOX <c>melcepst</c> left to its defaults: 2^floor(log2(0.03 fs)) samples (16 ms at 16 and 32 kHz), hop half of that.
    /// </summary>
    public static MfccOptions Melcepst { get; } = new() { FrameRounding = FrameRounding.PowerOfTwo };

    /// <summary>Mel filters; null for floor(3 ln fs): 29 at 16 kHz, 31 at 32 kHz.</summary>
    public int? Filters { get; init; }

    /// <summary>Where the lowest filter begins (Hz), 0 for DC; raise it to ask what the bass tells.</summary>
    public double LowHertz { get; init; }

    /// <summary>Where the highest filter ends (Hz); null for half the sample rate. Lower it to ask what the treble tells.</summary>
    public double? HighHertz { get; init; }

    /// <summary>Cepstral coefficients kept, from c0 upwards; at most the number of filters.</summary>
    public int Coefficients { get; init; } = 13;

    /// <summary>Whether delta and delta-delta follow the coefficients.</summary>
    public bool Deltas { get; init; } = true;

    /// <summary>
    /// Whether each recording's columns are brought to zero mean and unit variance. Off: a phone's constant channel IS the cepstral mean.
    /// </summary>
    public bool Cmvn { get; init; }

    /// <summary>
    /// Whether each recording is first brought to a root mean square of 1, which takes a constant gain (it shows in c0 alone) away.
    /// </summary>
    public bool LevelNormalisation { get; init; }

    /// <summary>Columns of the feature matrix: 39 with 13 coefficients and deltas.</summary>
    public override int Dimension => Deltas ? 3 * Coefficients : Coefficients;

    /// <inheritdoc/>
    public override IFrameFeatures Create(Device device) => new Mfcc(this, device);

    /// <summary>Number of mel filters at a sample rate.</summary>
    /// <param name="sampleRate">Samples per second (Hz).</param>
    /// <exception cref="ArgumentException">There are fewer filters than coefficients wanted.</exception>
    public int FiltersAt(int sampleRate)
    {
        var filters = Filters ?? (int)(3 * Math.Log(sampleRate));
        return filters >= Coefficients ? filters
            : throw new ArgumentException(
                $"{filters} mel filters at {sampleRate} Hz cannot give {Coefficients} coefficients: ask for fewer, or set Filters.");
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        foreach (var problem in base.Problems())
            yield return problem;
        if (Filters is < 1 or > 1000)
            yield return $"Filters is {Filters}; it must lie from 1 to 1000, or be null for floor(3 ln fs).";
        if (LowHertz is not >= 0 || !(HighHertz is null || HighHertz > LowHertz))
            yield return FormattableString.Invariant(
                $"LowHertz is {LowHertz}, HighHertz {HighHertz}: the band begins at 0 Hz or above and ends above its beginning.");
        if (Coefficients < 1)
            yield return $"Coefficients is {Coefficients}; at least 1 is needed.";
        if (Coefficients > Filters)
            yield return $"Coefficients is {Coefficients}, more than the {Filters} Filters.";
    }
}
