using DeviceId.Foundation;

namespace DeviceId.Corpora;

/// <summary>Simulates one sentence played to one phone: position of the phone and effects of the room.</summary>
/// <remarks>
/// A phone is never in exactly the same place: level, frequency response and echoes differ slightly between recordings. Otherwise every
/// recording would be the sentence through a fixed filter, and distinguishing phones would be trivial.
/// </remarks>
internal static class RecordingSession
{
    private const int Echoes = 5;
    private const double RoomNoiseDecibels = -72;

    /// <summary>Returns the signal at the microphone.</summary>
    /// <param name="speech">The sentence as played; not modified.</param>
    /// <param name="random">Random generator of this recording.</param>
    /// <param name="sampleRate">Sampling rate (Hz).</param>
    /// <param name="placementDecibels">Standard deviation of the frequency response between recordings (dB).</param>
    public static double[] AtMicrophone(double[] speech, SplitMix64 random, int sampleRate, double placementDecibels)
    {
        var start = (int)(random.Uniform(0, 0.05) * sampleRate);
        var signal = new double[speech.Length];
        Add(signal, speech, start, ExactMath.FromDecibels(1.5 * ExactMath.Normal(random)));
        for (var i = 0; i < Echoes; i++)
            Add(signal, speech, start + (int)(random.Uniform(0.0005, 0.02) * sampleRate), random.Uniform(-0.12, 0.12));
        foreach (var hertz in new[] { 300.0, 800, 1900, 3600, 6500 })
            Biquad.Peaking(hertz * random.Uniform(0.8, 1.25), 0.9, placementDecibels * ExactMath.Normal(random), sampleRate).Apply(signal);
        var noiseLevel = ExactMath.FromDecibels(RoomNoiseDecibels);
        for (var i = 0; i < signal.Length; i++)
            signal[i] += noiseLevel * random.Uniform(-1, 1);
        return signal;
    }

    private static void Add(double[] signal, double[] speech, int delay, double gain)
    {
        for (var i = delay; i < signal.Length; i++)
            signal[i] += gain * speech[i - delay];
    }
}
