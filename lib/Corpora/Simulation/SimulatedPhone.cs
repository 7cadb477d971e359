using DeviceId.Foundation;

namespace DeviceId.Corpora;

/// <summary>A simulated phone: microphone, amplifier and converter.</summary>
/// <remarks>
/// Every property is the sum of random contributions of brand, model and unit, with decreasing standard deviations. So two units of one
/// model are harder to distinguish than two models, and these harder than two brands. The signal path is frequency response, automatic
/// gain control, noise, soft clipping.
/// </remarks>
internal sealed class SimulatedPhone
{
    private const double BrandStandardDeviation = 1;
    private const double ModelStandardDeviation = 0.6;
    private const double UnitStandardDeviation = 0.3;
    private static readonly double[] ResonanceHertz = [250, 480, 900, 1500, 2300, 3300, 4600, 6200, 8500, 11000];

    private readonly double _resonanceDecibels;
    private readonly double[] _contributions;
    private int _next;

    /// <summary>Draws the properties of a phone.</summary>
    /// <param name="seed">Seed of the corpus.</param>
    /// <param name="brand">Index of the brand, from 0.</param>
    /// <param name="model">Index of the model within the brand, from 0.</param>
    /// <param name="unit">Index of the unit within the model, from 0.</param>
    /// <param name="resonanceDecibels">Standard deviation of the resonance gains between brands (dB).</param>
    public SimulatedPhone(long seed, int brand, int model, int unit, double resonanceDecibels)
    {
        var levels = new (double StandardDeviation, SplitMix64 Random)[]
        {
            (BrandStandardDeviation, new SplitMix64((ulong)Seeds.Derive(seed, $"brand {brand}"))),
            (ModelStandardDeviation, new SplitMix64((ulong)Seeds.Derive(seed, $"brand {brand} model {model}"))),
            (UnitStandardDeviation, new SplitMix64((ulong)Seeds.Derive(seed, $"brand {brand} model {model} unit {unit}"))),
        };
        _resonanceDecibels = resonanceDecibels;
        double DrawSum() => levels.Sum(level => level.StandardDeviation * ExactMath.Normal(level.Random));
        _contributions = [.. Enumerable.Range(0, 40).Select(_ => DrawSum())];
        _next = 0;
        HighPassHertz = 130 * ExactMath.Exp(0.25 * Draw());
        LowPassHertz = 11000 * ExactMath.Exp(0.2 * Draw());
        Gain = ExactMath.FromDecibels(2 * Draw());
        NoiseLevel = ExactMath.FromDecibels(-62 + 3 * Draw());
        NoiseColour = Math.Clamp(0.6 + 0.2 * Draw(), 0, 0.95);
        ClipLevel = 0.8 * ExactMath.Exp(0.15 * Draw());
        GainControl = Math.Clamp(0.3 + 0.15 * Draw(), 0, 0.7);
        Resonances = [.. ResonanceHertz.Select(hertz => (hertz * ExactMath.Exp(0.08 * Draw()), _resonanceDecibels * Draw()))];
    }

    private double HighPassHertz { get; }

    private double LowPassHertz { get; }

    private double Gain { get; }

    private double NoiseLevel { get; }

    private double NoiseColour { get; }

    private double ClipLevel { get; }

    private double GainControl { get; }

    /// <summary>Centre frequency (Hz) and gain (dB) of each resonance.</summary>
    public IReadOnlyList<(double Hertz, double Decibels)> Resonances { get; }

    /// <summary>Records the signal at the microphone, in place.</summary>
    public void Record(double[] samples, SplitMix64 random, int sampleRate)
    {
        Biquad.HighPass(HighPassHertz, 0.7, sampleRate).Apply(samples);
        Biquad.LowPass(LowPassHertz, 0.7, sampleRate).Apply(samples);
        foreach (var (hertz, decibels) in Resonances)
            Biquad.Peaking(hertz, 1.4, decibels, sampleRate).Apply(samples);

        var level = 0.05;
        var noise = 0.0;
        for (var i = 0; i < samples.Length; i++)
        {
            var x = samples[i] * Gain;
            var loudness = Math.Abs(x);
            level += (loudness - level) * (loudness > level ? 0.002 : 0.0001) * 32000 / sampleRate; // fast attack, slow release
            noise = NoiseColour * noise + (1 - NoiseColour) * random.Uniform(-1, 1);
            x = x / (1 - GainControl + GainControl * level / 0.1) + NoiseLevel * noise;
            samples[i] = x / Math.Sqrt(1 + x * x / (ClipLevel * ClipLevel));
        }
    }

    private double Draw() => _contributions[_next++];
}
