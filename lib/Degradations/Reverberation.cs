using System.Runtime.CompilerServices;
using DeviceId.Audio;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Degradations;

/// <summary>Simulates a room: the direct sound, followed by a tail of noise that decays exponentially.</summary>
/// <remarks>
/// <list type="number">
/// <item>impulse response: 1 at time 0, then Gaussian noise over the decay time, with a power that falls by 60 dB (J. D. Polack's model,
/// 1988); the tail has the same energy as the direct sound, as at the room's critical distance;</item>
/// <item>clip -> convolution, cut to the clip's length -> scaled to the clip's mean square, so that the loudness does not change.</item>
/// </list>
/// The tail decays equally at all frequencies, unlike that of a real room.
/// </remarks>
/// <param name="DecaySeconds">
/// Reverberation time RT60, in which the power falls by 60 dB: from 0.02 to 20 s. A living room has 0.5 s, a church several seconds.
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
            yield return FormattableString.Invariant($"DecaySeconds is {DecaySeconds}: it must lie between 0.02 and 20.");
    }

    /// <inheritdoc/>
    protected override AudioClip Change(AudioClip clip, SplitMix64 random)
    {
        var power = Samples.MeanSquare(clip.Samples);
        if (power == 0)
            return clip;
        var reverberant = Convolve(clip.Samples, CreateImpulseResponse(clip.SampleRate, random));
        return clip with { Samples = Samples.Scaled(reverberant, Math.Sqrt(power / Samples.MeanSquare(reverberant))) };
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private float[] CreateImpulseResponse(int sampleRate, SplitMix64 random)
    {
        var response = new float[Math.Max(2, (int)Math.Round(DecaySeconds * sampleRate) + 1)];
        var energy = 0.0;
        for (var i = 1; i < response.Length; i++)
        {
            response[i] = (float)(random.Normal() * Math.Pow(10, -3 * i / (DecaySeconds * sampleRate)));
            energy += (double)response[i] * response[i];
        }

        var normalised = Samples.Scaled(response, 1 / Math.Sqrt(energy));
        normalised[0] = 1;
        return normalised;
    }

    private static float[] Convolve(float[] samples, float[] response)
    {
        ComputeDevice.Load();
        using var scope = NewDisposeScope();
        var length = Samples.RoundUpToPowerOfTwo((long)samples.Length + response.Length - 1);
        var product = fft.rfft(tensor(samples), length) * fft.rfft(tensor(response), length);
        return fft.irfft(product, length).narrow(0, 0, samples.Length).clone().data<float>().ToArray();
    }
}
