using DeviceId.Foundation;

namespace DeviceId.Corpora;

/// <summary>Settings of the simulated corpus, for users without recordings and for tests.</summary>
public sealed record SimulatedCorpusOptions : Options
{
    /// <summary>For users without recordings: 12 phones, 5 sentences of 7 seconds (about 27 MB).</summary>
    public static SimulatedCorpusOptions Standard { get; } = new();

    /// <summary>For tests and smoke runs: 4 phones, 3 sentences of 3 seconds.</summary>
    public static SimulatedCorpusOptions Small { get; } = new()
    {
        Brands = 2, ModelsPerBrand = 1, Sentences = 3, Speakers = 3, SecondsPerSentence = 3,
    };

    /// <summary>Number of brands.</summary>
    public int Brands { get; init; } = 3;

    /// <summary>Number of models per brand.</summary>
    public int ModelsPerBrand { get; init; } = 2;

    /// <summary>Number of units per model.</summary>
    public int UnitsPerModel { get; init; } = 2;

    /// <summary>Number of sentences; every phone records each once.</summary>
    public int Sentences { get; init; } = 5;

    /// <summary>Number of speakers; the sentences are assigned to them in turn.</summary>
    public int Speakers { get; init; } = 5;

    /// <summary>Duration of a recording (s).</summary>
    public double SecondsPerSentence { get; init; } = 7;

    /// <summary>Sampling rate (Hz).</summary>
    public int SampleRate { get; init; } = 32000;

    /// <summary>
    /// Standard deviation of the resonance gains between brands (dB); models and units of a brand differ by fractions of it.
    /// </summary>
    public double ResonanceDecibels { get; init; } = 5;

    /// <summary>Standard deviation of the frequency response between recordings of one phone, at five frequencies (dB).</summary>
    public double PlacementDecibels { get; init; } = 0.5;

    /// <summary>Seed of all randomness: the same seed gives the same bytes on every machine.</summary>
    public long Seed { get; init; } = 1;

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        var counts = new[]
        {
            (nameof(Brands), Brands, SimulatedCorpus.MaxBrands),
            (nameof(ModelsPerBrand), ModelsPerBrand, 100),
            (nameof(UnitsPerModel), UnitsPerModel, 100),
            (nameof(Sentences), Sentences, 10_000),
            (nameof(Speakers), Speakers, 1000),
        };
        foreach (var (name, value, max) in counts)
            if (value < 1 || value > max)
                yield return $"{name} is {value}: it must be between 1 and {max}.";
        if (!(SecondsPerSentence is >= 1 and <= 60))
            yield return $"SecondsPerSentence is {SecondsPerSentence}: it must be between 1 and 60.";
        if (SampleRate is < 8000 or > 96000)
            yield return $"SampleRate is {SampleRate} Hz: it must be between 8000 and 96000.";
        if (!(ResonanceDecibels is >= 0 and <= 20))
            yield return $"ResonanceDecibels is {ResonanceDecibels}: it must be between 0 and 20.";
        if (!(PlacementDecibels is >= 0 and <= 20))
            yield return $"PlacementDecibels is {PlacementDecibels}: it must be between 0 and 20.";
    }
}
