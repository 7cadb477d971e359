using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>Settings of <see cref="Mfcc"/>. The defaults follow the text of the paper, <see cref="AsWritten"/>.</summary>
[OptionsKind("mfcc")]
public sealed record MfccOptions : FeatureOptions
{
    /// <summary>Settings of the paper's text: 30 ms frames with a hop of 15 ms.</summary>
    public static MfccOptions AsWritten { get; } = new();

    /// <summary>
    /// Default settings of VOICEBOX <c>melcepst</c>: frames of 2^floor(log2(0.03 fs)) samples (16 ms at 16 and 32 kHz), hop half a frame.
    /// </summary>
    public static MfccOptions Melcepst { get; } = new() { FrameRounding = FrameRounding.PowerOfTwo };

    /// <summary>
    /// Linear-frequency cepstral coefficients (LFCC): the same, with triangles equally spaced in Hz (D. Garcia-Romero, C. Espy-Wilson,
    /// "Automatic acquisition device identification from speech recordings", ICASSP 2010). A constant channel is kept.
    /// </summary>
    public static MfccOptions Lfcc { get; } = new() { Scale = FrequencyScale.Linear };

    /// <summary>
    /// Bark-frequency cepstral coefficients (BFCC): the same, with triangles equally spaced in Bark. A constant channel is kept.
    /// </summary>
    public static MfccOptions Bfcc { get; } = new() { Scale = FrequencyScale.Bark };

    /// <summary>Number of filters; null for floor(3 ln fs): 29 at 16 kHz, 31 at 32 kHz.</summary>
    public int? Filters { get; init; }

    /// <summary>Scale on which the filters are triangular and equally spaced: mel gives MFCC, linear LFCC, Bark BFCC.</summary>
    [AbsentValue(FrequencyScale.Mel)]
    public FrequencyScale Scale { get; init; }

    /// <summary>Lower edge of the lowest filter (Hz), 0 for DC.</summary>
    public double LowHertz { get; init; }

    /// <summary>Upper edge of the highest filter (Hz); null for half the sampling rate.</summary>
    public double? HighHertz { get; init; }

    /// <summary>Number of cepstral coefficients, from c0 upwards; at most the number of filters.</summary>
    public int Coefficients { get; init; } = 13;

    /// <summary>Whether to append deltas and delta-deltas.</summary>
    public bool Deltas { get; init; } = true;

    /// <summary>
    /// Whether to normalise the columns of each recording to zero mean and unit variance. Off by default, because the cepstral mean
    /// contains the constant channel of the phone.
    /// </summary>
    public bool Cmvn { get; init; }

    /// <summary>
    /// Whether to scale each recording to a root mean square of 1 first, which removes a constant gain (it affects c0 only).
    /// </summary>
    public bool LevelNormalisation { get; init; }

    /// <summary>Number of columns of the feature matrix: 39 with 13 coefficients and deltas.</summary>
    public override int Dimension => Deltas ? 3 * Coefficients : Coefficients;

    /// <inheritdoc/>
    public override IFrameFeatures Create(Device device) => new Mfcc(this, device);

    /// <summary>Number of filters at a sampling rate.</summary>
    /// <param name="sampleRate">Sampling rate (Hz).</param>
    /// <exception cref="ArgumentException">There are fewer filters than coefficients.</exception>
    public int FiltersAt(int sampleRate)
    {
        var filters = Filters ?? (int)(3 * Math.Log(sampleRate));
        return filters >= Coefficients ? filters
            : throw new ArgumentException(
                $"{filters} {Scale.ToString().ToLowerInvariant()} filters at {sampleRate} Hz cannot give {Coefficients} coefficients: "
                + "reduce Coefficients or set Filters.");
    }

    /// <inheritdoc/>
    public override FilterResponses FiltersFor(int sampleRate)
    {
        var bank = BankAt(sampleRate);
        return FilterResponses.Create(
            Enumerable.Range(0, bank.Filters).Select(bank.CentreHertz), bank.Weights, Grid(sampleRate).Length, sampleRate);
    }

    /// <summary>The filter bank at a sampling rate.</summary>
    internal FilterBank BankAt(int sampleRate) =>
        new(FiltersAt(sampleRate), Grid(sampleRate).Length, sampleRate, LowHertz, HighHertz, Scale);

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        foreach (var problem in base.Problems())
            yield return problem;
        if (Filters is < 1 or > 1000)
            yield return $"Filters is {Filters}; it must be from 1 to 1000, or null for floor(3 ln fs).";
        if (!Enum.IsDefined(Scale))
            yield return $"Scale is {(int)Scale}, which is not a defined value.";
        if (LowHertz is not >= 0 || !(HighHertz is null || HighHertz > LowHertz))
            yield return FormattableString.Invariant(
                $"LowHertz is {LowHertz}, HighHertz {HighHertz}: LowHertz must be at least 0, HighHertz above LowHertz.");
        if (Coefficients < 1)
            yield return $"Coefficients is {Coefficients}; at least 1 is needed.";
        if (Coefficients > Filters)
            yield return $"Coefficients is {Coefficients}, more than the {Filters} Filters.";
    }
}
