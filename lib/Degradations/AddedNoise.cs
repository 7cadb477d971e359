using System.Runtime.CompilerServices;
using DeviceId.Audio;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Degradations;

/// <summary>Adds stationary Gaussian noise at a given signal-to-noise ratio (SNR).</summary>
/// <remarks>
/// The SNR is the ratio of the mean squares of clip and noise over the whole clip, pauses included, and over all frequencies. The noise is
/// scaled by its measured power, so that the ratio is met exactly. Noise that the phone recorded counts as signal. A silent clip is left
/// unchanged, because its ratio is undefined. So is a single sample with pink noise, which has no component at 0 Hz.
/// </remarks>
/// <param name="Colour">Spectrum of the noise: white or pink.</param>
/// <param name="SignalToNoiseDecibels">SNR, from -60 to 120 dB.</param>
[OptionsKind("noise")]
public sealed record AddedNoise(NoiseColour Colour, double SignalToNoiseDecibels) : Degradation
{
    private const double MinPinkHertz = 20;

    /// <inheritdoc/>
    public override string Name => Colour == NoiseColour.White ? "white noise" : "pink noise";

    /// <inheritdoc/>
    public override double Strength => SignalToNoiseDecibels;

    /// <inheritdoc/>
    public override string Quantity => "signal-to-noise ratio";

    /// <inheritdoc/>
    public override string Unit => "dB";

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        if (!Enum.IsDefined(Colour))
            yield return $"Colour is {Colour}: it must be one of {string.Join(", ", Enum.GetNames<NoiseColour>())}.";
        if (SignalToNoiseDecibels is not (>= -60 and <= 120))
            yield return FormattableString.Invariant($"SignalToNoiseDecibels is {SignalToNoiseDecibels}: it must lie between -60 and 120.");
    }

    /// <inheritdoc/>
    protected override AudioClip Change(AudioClip clip, SplitMix64 random)
    {
        var signal = Samples.MeanSquare(clip.Samples);
        if (signal == 0)
            return clip;
        var noise = Gaussian(clip.Samples.Length, random);
        if (Colour == NoiseColour.Pink)
            noise = Pink(noise, clip.SampleRate);
        var power = Samples.MeanSquare(noise);
        if (power == 0)
            return clip;
        var scale = Math.Sqrt(signal / power * Math.Pow(10, -SignalToNoiseDecibels / 10));
        return clip with { Samples = Samples.Sum(clip.Samples, noise, scale) };
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float[] Gaussian(int count, SplitMix64 random)
    {
        var noise = new float[count];
        for (var i = 0; i < noise.Length; i++)
            noise[i] = (float)random.Normal();
        return noise;
    }

    /// <summary>Turns white noise pink: divides each amplitude by the square root of its frequency and removes 0 Hz.</summary>
    private static float[] Pink(float[] white, int sampleRate)
    {
        ComputeDevice.Load();
        using var scope = NewDisposeScope();
        var length = Samples.RoundUpToPowerOfTwo(white.Length);
        var spectrum = fft.rfft(tensor(white), length);
        var weights = (arange(spectrum.shape[0], ScalarType.Float32) * ((double)sampleRate / length)).clamp_min(MinPinkHertz).rsqrt();
        weights[0] = 0;
        var pink = fft.irfft(spectrum * weights, length).data<float>().ToArray();
        return pink[..white.Length];
    }
}

/// <summary>Spectrum of a noise.</summary>
public enum NoiseColour
{
    /// <summary>Equal power per hertz.</summary>
    White,

    /// <summary>Equal power per octave (1/f) from 20 Hz up: closer to the noise of rooms, traffic and machines.</summary>
    Pink,
}
