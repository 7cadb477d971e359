using DeviceId.Foundation;

namespace DeviceId.Corpora;

/// <summary>Sizes of the simulated corpus: a stand-in for people without recordings, and for tests.</summary>
public sealed record SimulatedCorpusOptions : Options
{
    /// <summary>For people without data: 12 phones, 5 sentences of 7 seconds (about 27 MB).</summary>
    public static SimulatedCorpusOptions Standard { get; } = new();

    /// <summary>For tests and smoke runs: 4 phones, 3 sentences of 3 seconds.</summary>
    public static SimulatedCorpusOptions Small { get; } = new()
    {
        Brands = 2, ModelsPerBrand = 1, Sentences = 3, Speakers = 3,
        SecondsPerSentence = 3
    };

    /// <summary>Number of brands.</summary>
    public int Brands { get; init; } = 3;

    /// <summary>Number of models a brand.</summary>
    public int ModelsPerBrand { get; init; } = 2;

    /// <summary>Number of units a model.</summary>
    public int UnitsPerModel { get; init; } = 2;

    /// <summary>Number of sentences; every phone records each once.</summary>
    public int Sentences { get; init; } = 5;

    /// <summary>Number of speakers; they take turns.</summary>
    public int Speakers { get; init; } = 5;

    /// <summary>Length of a recording in seconds.</summary>
    public double SecondsPerSentence { get; init; } = 7;

    /// <summary>Samples per second (Hz).</summary>
    public int SampleRate { get; init; } = 32000;

    /// <summary>
    /// How far the resonances of two brands lie apart (dB, one standard deviation); models and units differ by parts of it.
    /// </summary>
    public double ResonanceDecibels { get; init; } = 5;

    /// <summary>How far the tone differs between two recordings of one phone (dB, one standard deviation at five frequencies).</summary>
    public double PlacementDecibels { get; init; } = 0.5;

    /// <summary>Decides everything random: the same seed makes the same bytes on every machine.</summary>
    public long Seed { get; init; } = 1;

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        foreach (var (name, value, most) in new[]
        {
            (nameof(Brands), Brands, SimulatedCorpus.MaxBrands), (nameof(ModelsPerBrand), ModelsPerBrand, 100),
                (nameof(UnitsPerModel), UnitsPerModel, 100),
            (nameof(Sentences), Sentences, 10_000), (nameof(Speakers), Speakers, 1000),
        })
            if (value < 1 || value > most)
                yield return $"{name} is {value}: it must lie between 1 and {most}.";
        if (!(SecondsPerSentence is >= 1 and <= 60))
            yield return $"SecondsPerSentence is {SecondsPerSentence}: it must lie between 1 and 60.";
        if (SampleRate is < 8000 or > 96000)
            yield return $"SampleRate is {SampleRate} Hz: it must lie between 8000 and 96000.";
        if (!(ResonanceDecibels is >= 0 and <= 20))
            yield return $"ResonanceDecibels is {ResonanceDecibels}: it must lie between 0 and 20.";
        if (!(PlacementDecibels is >= 0 and <= 20))
            yield return $"PlacementDecibels is {PlacementDecibels}: it must lie between 0 and 20.";
    }
}
