using DeviceId.Degradations;
using DeviceId.Foundation;

namespace DeviceId.Experiments;

/// <summary>Degradations of the training copies in the robustness study.</summary>
/// <remarks>
/// Each copy of a training recording is degraded by one of six kinds, all equally likely: white noise (0 to 30 dB), MP3 (24, 40, 48 or 80
/// kbit/s), a sampling rate of 7 to 24 kHz, gain (-26 to +8 dB), clipping (0.05 to 15 %, log-uniform), reverberation (0.15 to 2.2 s).
/// Strengths are drawn separately for each copy, and none of them is a strength that is tested. Pink noise, AAC, Opus, AMR and trimming are
/// never used: any improvement against them is generalisation. Without ffmpeg, MP3 is left out.
/// </remarks>
internal static class TrainingDegradations
{
    private static readonly IReadOnlyList<(string Name, Func<SplitMix64, Degradation> Draw)> Kinds =
    [
        .. new Func<SplitMix64, Degradation>[]
        {
            random => new AddedNoise(NoiseColour.White, random.Uniform(0, 30)),
            random => new CodecRoundTrip(LossyCodec.Mp3, new[] { 24, 40, 48, 80 }[random.Below(4)]),
            random => new RateRoundTrip((int)random.Uniform(7001, 24000) / 10 * 10 + 5),
            random => new Gain(random.Uniform(-26, 8)),
            random => new Clipping(0.05 * Math.Pow(300, random.Uniform())),
            random => new Reverberation(random.Uniform(0.15, 2.2)),
        }.Select(draw => (draw(new SplitMix64(0)).Name, draw)),
    ];

    /// <summary>Whether this kind of degradation is used in training, at other strengths.</summary>
    public static bool IsSeen(Degradation degradation) => IsSeen(degradation.Name);

    /// <summary>Whether the kind of this name is used in training.</summary>
    public static bool IsSeen(string name) => Kinds.Any(kind => kind.Name == name);

    /// <summary>Names of all kinds.</summary>
    public static IReadOnlyList<string> All => [.. Kinds.Select(kind => kind.Name)];

    /// <summary>Names of the kinds that are available on this machine.</summary>
    public static IReadOnlyList<string> Names => [.. Available.Select(kind => kind.Name)];

    private static IEnumerable<(string Name, Func<SplitMix64, Degradation> Draw)> Available =>
        Kinds.Where(kind => kind.Draw(new SplitMix64(0)).WhyUnavailable() is null);

    /// <summary>Draws a kind that is available and its strength.</summary>
    public static Degradation Draw(SplitMix64 random)
    {
        var kinds = Available.ToList();
        return kinds[random.Below(kinds.Count)].Draw(random);
    }
}
