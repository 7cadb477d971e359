using System.Runtime.CompilerServices;
using DeviceId.Audio;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Degradations;

/// <summary>A room that does not exist: the direct sound, and a tail of noise behind it that decays exponentially.</summary>
/// <remarks>
/// 1 impulse response: 1 at time 0, then Gaussian noise whose power falls by 60 dB in the decay time, as long as that; the tail has as much
/// energy as the direct sound (a listener at the room's critical distance). The tail decays alike at all frequencies, which real rooms' do
/// not (J. D. Polack's model, 1988) 2 clip -> convolution, cut to the clip's length -> scaled to the clip's mean square, for loudness is
/// <see cref="Gain"/>'s affair
/// </remarks>
/// <param name="DecaySeconds">
/// RT60: the time in which the power falls by 60 dB, from 0.02 to 20 s. A living room has 0.5, a church several.
/// </param>
[OptionsKind("reverberation")]
public sealed record Reverberation(double DecaySeconds) : Degradation
{
    /// <inheritdoc/>
    public override string Name => "reverberation";

    /// <inheritdoc/>
    public override double Strength => DecaySeconds;

    /// <inheritdoc/>
    public override string Quantity => "decay by 60 dB";

    /// <inheritdoc/>
    public override string Unit => "s";

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        if (DecaySeconds is not (>= 0.02 and <= 20))
            yield return FormattableString.Invariant($"DecaySeconds is {DecaySeconds}: it lies between 0.02 and 20.");
    }

    /// <inheritdoc/>
    protected override AudioClip Change(AudioClip clip, SplitMix64 random)
    {
        var power = Samples.MeanSquare(clip.Samples);
        if (power == 0)
            return clip;
        var wet = Convolve(clip.Samples, Response(clip.SampleRate, random));
        return clip with { Samples = Samples.Scaled(wet, Math.Sqrt(power / Samples.MeanSquare(wet))) };
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private float[] Response(int sampleRate, SplitMix64 random)
    {
        var response = new float[Math.Max(2, (int)Math.Round(DecaySeconds * sampleRate) + 1)];
        var energy = 0.0;
        for (var i = 1; i < response.Length; i++)
        {
            response[i] = (float)(random.Normal() * Math.Pow(10, -3 * i / (DecaySeconds * sampleRate)));
            energy += (double)response[i] * response[i];
        }

        var tail = Samples.Scaled(response, 1 / Math.Sqrt(energy));
        tail[0] = 1;
        return tail;
    }

    private static float[] Convolve(float[] samples, float[] response)
    {
        ComputeDevice.Load();
        using var scope = NewDisposeScope();
        var length = Samples.PowerOfTwo((long)samples.Length + response.Length - 1);
        var product = fft.rfft(tensor(samples), length) * fft.rfft(tensor(response), length);
        return fft.irfft(product, length).narrow(0, 0, samples.Length).clone().data<float>().ToArray();
    }
}
