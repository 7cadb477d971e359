using DeviceId.Foundation;

namespace DeviceId.Corpora;

/// <summary>One speech sound: target values of the sources and the vocal tract.</summary>
/// <param name="Seconds">Duration (s).</param>
/// <param name="Formants">F1 to F4 (Hz) of an average adult.</param>
/// <param name="Voicing">Level of the glottal pulses, 0 to 1.</param>
/// <param name="Frication">Level of the frication noise, 0 to 1.</param>
/// <param name="FricationHertz">Centre frequency of the frication noise (Hz).</param>
/// <param name="FricationWidth">Bandwidth of the frication noise (Hz).</param>
internal sealed record SpeechSound(
    double Seconds, double[] Formants, double Voicing, double Frication = 0, double FricationHertz = 4000, double FricationWidth = 2000)
{
    /// <summary>
    /// Formants of American vowels, after G. E. Peterson and H. L. Barney, JASA 24 (1952), rounded; F4 after G. Fant (1960).
    /// </summary>
    private static readonly double[][] Vowels =
    [
        [280, 2250, 2950, 3600], [400, 1950, 2550, 3500], [540, 1830, 2470, 3500], [660, 1710, 2400, 3500], [720, 1100, 2440, 3450],
        [580, 850, 2410, 3350], [440, 1030, 2240, 3300], [310, 880, 2240, 3250], [630, 1200, 2390, 3400], [490, 1350, 1700, 3250],
    ];

    private static readonly double[] Closed = [250, 1100, 2400, 3400];
    private static readonly (double Hertz, double Width, double Level)[] Fricatives =
        [(6200, 2400, 0.5), (3300, 1300, 0.6), (5000, 6000, 0.18), (1600, 1500, 0.15)];

    private static readonly (double Hertz, double Width)[] Plosives = [(900, 1500), (4200, 2500), (1900, 1000)];

    /// <summary>Draws the sounds of a sentence: syllables with and without consonants, and pauses between words.</summary>
    /// <param name="random">Random generator of the sentence.</param>
    /// <param name="seconds">Duration of the sentence (s).</param>
    /// <param name="tempo">Speaking rate: 1 for an average speaker, larger for a fast one.</param>
    public static List<SpeechSound> Sentence(SplitMix64 random, double seconds, double tempo)
    {
        var sounds = new List<SpeechSound> { new(0.15, Closed, 0) };
        var syllables = 0;
        while (sounds.Sum(sound => sound.Seconds) < seconds - 0.15)
        {
            AddConsonant(sounds, random, tempo);
            var vowel = Vowels[random.Below(Vowels.Length)];
            sounds.Add(new(random.Uniform(0.07, 0.17) / tempo, vowel, 1));
            if (random.Uniform() < 0.25) // a diphthong
                sounds.Add(new(random.Uniform(0.06, 0.10) / tempo, Vowels[random.Below(Vowels.Length)], 0.9));
            if (random.Uniform() < 0.3)
                AddConsonant(sounds, random, tempo);
            if (++syllables % 6 == 0 || random.Uniform() < 0.08)
                sounds.Add(new(random.Uniform(0.12, 0.35), Closed, 0));
        }

        sounds.Add(new(0.15, Closed, 0));
        return sounds;
    }

    private static void AddConsonant(List<SpeechSound> sounds, SplitMix64 random, double tempo)
    {
        var kind = random.Uniform();
        if (kind < 0.35) // fricative, sometimes voiced
        {
            var (hertz, width, level) = Fricatives[random.Below(Fricatives.Length)];
            sounds.Add(new(random.Uniform(0.06, 0.13) / tempo, Closed, random.Uniform() < 0.3 ? 0.4 : 0, level, hertz, width));
        }
        else if (kind < 0.65) // plosive: closure and burst
        {
            var (hertz, width) = Plosives[random.Below(Plosives.Length)];
            sounds.Add(new(random.Uniform(0.04, 0.07) / tempo, Closed, random.Uniform() < 0.4 ? 0.15 : 0));
            sounds.Add(new(0.012, Closed, 0, 0.9, hertz, width));
        }
        else if (kind < 0.9) // nasal or liquid
        {
            sounds.Add(new(random.Uniform(0.05, 0.09) / tempo, [random.Uniform(230, 380), random.Uniform(900, 1500), 2300, 3400], 0.5));
        }
    }
}
