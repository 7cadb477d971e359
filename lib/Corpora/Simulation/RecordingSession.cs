using DeviceId.Foundation;

namespace DeviceId.Corpora;

/// <summary>One sentence played to one phone: where the phone lay, what the room added.</summary>
/// <remarks>
/// The phone is never put down in quite the same place: level, tone and echoes differ a little from recording to recording. Without that a
/// recording would be the sentence through a fixed filter, and telling phones apart would be trivial.
/// </remarks>
internal static class RecordingSession
{
    private const int Echoes = 5;
    private const double RoomNoiseDecibels = -72;

    /// <summary>What arrives at the microphone.</summary>
    /// <param name="speech">The sentence as played; not changed.</param>
    /// <param name="random">This recording's own.</param>
    /// <param name="sampleRate">Samples per second.</param>
    /// <param name="placementDecibels">How far the tone differs between recordings.</param>
    public static double[] AtMicrophone(double[] speech, SplitMix64 random, int sampleRate, double placementDecibels)
    {
        var start = (int)(random.Uniform(0, 0.05) * sampleRate);
        var heard = new double[speech.Length];
        Add(heard, speech, start, ExactMath.FromDecibels(1.5 * ExactMath.Normal(random)));
        for (var i = 0; i < Echoes; i++)
            Add(heard, speech, start + (int)(random.Uniform(0.0005, 0.02) * sampleRate), random.Uniform(-0.12, 0.12));
        foreach (var hertz in new[] { 300.0, 800, 1900, 3600, 6500 })
            Biquad.Peak(hertz * random.Uniform(0.8, 1.25), 0.9, placementDecibels * ExactMath.Normal(random), sampleRate).Apply(heard);
        var room = ExactMath.FromDecibels(RoomNoiseDecibels);
        for (var i = 0; i < heard.Length; i++)
            heard[i] += room * random.Uniform(-1, 1);
        return heard;
    }

    private static void Add(double[] heard, double[] speech, int delay, double gain)
    {
        for (var i = delay; i < heard.Length; i++)
            heard[i] += gain * speech[i - delay];
    }
}
