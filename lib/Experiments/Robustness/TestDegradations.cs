using DeviceId.Degradations;

namespace DeviceId.Experiments;

/// <summary>Degradations of the test recordings in the robustness study.</summary>
internal static class TestDegradations
{
    /// <summary>All kinds at several strengths, grouped by kind, the mildest first.</summary>
    public static IReadOnlyList<Degradation> All { get; } =
    [
        .. Each([30, 20, 10, 0], decibels => new AddedNoise(NoiseColour.White, decibels)),
        .. Each([30, 20, 10, 0], decibels => new AddedNoise(NoiseColour.Pink, decibels)),
        .. Each([64, 32, 16], kilobits => new CodecRoundTrip(LossyCodec.Mp3, kilobits)),
        .. Each([64, 32, 16], kilobits => new CodecRoundTrip(LossyCodec.Aac, kilobits)),
        .. Each([32, 16, 8], kilobits => new CodecRoundTrip(LossyCodec.Opus, kilobits)),
        .. Each([12.2, 4.75], kilobits => new CodecRoundTrip(LossyCodec.AmrNarrowband, kilobits)),
        .. Each([23.85, 6.6], kilobits => new CodecRoundTrip(LossyCodec.AmrWideband, kilobits)),
        .. Each([16, 8], kilohertz => new RateRoundTrip((int)(1000 * kilohertz))),
        .. Each([6, -6, -12, -24], decibels => new Gain(decibels)),
        .. Each([0.1, 1, 10], percent => new Clipping(percent)),
        .. Each([4, 2, 1], seconds => new Trimming(seconds)),
        .. Each([0.2, 0.5, 1, 2], seconds => new Reverberation(seconds)),
    ];

    /// <summary>One strength of each kind: for tests and smoke runs.</summary>
    public static IReadOnlyList<Degradation> Few { get; } =
        [.. All.GroupBy(degradation => degradation.Name).Select(kind => kind.ElementAt(1))];

    private static IEnumerable<Degradation> Each(double[] strengths, Func<double, Degradation> create) => strengths.Select(create);
}
