using DeviceId.Degradations;
using DeviceId.Foundation;

namespace DeviceId.Experiments;

/// <summary>What the second training set of the robustness study has heard.</summary>
/// <remarks>
/// Each copy of a training recording goes through one of six kinds, each equally likely: white noise (0 to 30 dB), MP3 (24, 40, 48 or 80
/// kbit/s), a sampling rate of 7 to 24 kHz, gain (-26 to +8 dB), clipping (0.05 to 15 %, by its logarithm), reverberation (0.15 to 2.2 s).
/// Strengths are drawn anew for each copy, and none of them is a strength that is tested. Pink noise, AAC, Opus, AMR and trimming are never
/// heard: what training helps against them it has carried over. Where ffmpeg is absent MP3 is left out.
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

    /// <summary>Whether training has heard this kind, at other strengths.</summary>
    public static bool IsSeen(Degradation degradation) => IsSeen(degradation.Name);

    /// <summary>Whether training has heard a kind of this name.</summary>
    public static bool IsSeen(string name) => Kinds.Any(kind => kind.Name == name);

    /// <summary>Names of all kinds.</summary>
    public static IReadOnlyList<string> All => [.. Kinds.Select(kind => kind.Name)];

    /// <summary>Names of the kinds that this machine can make.</summary>
    public static IReadOnlyList<string> Names => [.. Available.Select(kind => kind.Name)];

    private static IEnumerable<(string Name, Func<SplitMix64, Degradation> Draw)> Available =>
        Kinds.Where(kind => kind.Draw(new SplitMix64(0)).WhyUnavailable() is null);

    /// <summary>One of them, at a strength of its own.</summary>
    public static Degradation Draw(SplitMix64 random)
    {
        var kinds = Available.ToList();
        return kinds[random.Below(kinds.Count)].Draw(random);
    }
}
