using System.Runtime.CompilerServices;
using DeviceId.Audio;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Degradations;

/// <summary>Steady Gaussian noise, as loud as a signal-to-noise ratio asks.</summary>
/// <remarks>
/// The ratio is that of the mean squares of clip and noise over the whole clip and all frequencies, pauses included; the noise is scaled by
/// its own measured power, so that the ratio is met exactly. What the phone itself recorded as noise counts as signal. A silent clip has no
/// ratio and stays as it is; so does one of a single sample, of which pink noise, without 0 Hz, has nothing.
/// </remarks>
/// <param name="Colour">White or pink.</param>
/// <param name="SignalToNoiseDecibels">From -60 to 120 dB.</param>
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
            yield return $"Colour is {Colour}: there are {string.Join(", ", Enum.GetNames<NoiseColour>())}.";
        if (SignalToNoiseDecibels is not (>= -60 and <= 120))
            yield return FormattableString.Invariant($"SignalToNoiseDecibels is {SignalToNoiseDecibels}: it lies between -60 and 120.");
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

    /// <summary>Amplitudes divided by the root of the frequency, and nothing at 0 Hz.</summary>
    private static float[] Pink(float[] white, int sampleRate)
    {
        ComputeDevice.Load();
        using var scope = NewDisposeScope();
        var length = Samples.PowerOfTwo(white.Length);
        var spectrum = fft.rfft(tensor(white), length);
        var weights = (arange(spectrum.shape[0], ScalarType.Float32) * ((double)sampleRate / length)).clamp_min(MinPinkHertz).rsqrt();
        weights[0] = 0;
        var pink = fft.irfft(spectrum * weights, length).data<float>().ToArray();
        return pink[..white.Length];
    }
}

/// <summary>How a noise's power lies over frequency.</summary>
public enum NoiseColour
{
    /// <summary>The same in every hertz.</summary>
    White,

    /// <summary>The same in every octave (1/f), from 20 Hz up: nearer to rooms, traffic and machines.</summary>
    Pink,
}
