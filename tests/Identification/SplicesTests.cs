using DeviceId.Identification;

namespace DeviceId.Tests.Identification;

public sealed class SplicesTests
{
    // Probabilities of 0.9999 and 0.0001: assigning a segment to the other device gains 9.2, a change costs 8.
    [Theory]
    [InlineData("AAAAAA", "AAAAAA")]
    [InlineData("AABAAA", "AAAAAA")] // one misclassified segment: gain 9.2, cost 16
    [InlineData("AABBAA", "AABBAA")]
    [InlineData("AAABBB", "AAABBB")]
    [InlineData("AABABA", "AAAAAA")]
    [InlineData("B", "B")]
    [InlineData("", "")]
    public void AChangeOfDeviceNeedsMoreEvidenceThanOneMisclassifiedSegment(string likeliest, string expected) =>
        Assert.Equal(expected, new string([.. Splices.DecodePath([.. likeliest.Select(Log)]).Select(device => (char)('A' + device))]));

    [Fact]
    public void OneSegmentInTheMiddleIsNoSpliceHoweverConfidentItIs()
    {
        double[] a = [0, -1000], b = [-1000, 0];
        Assert.Equal([0, 0, 0, 0, 0], Splices.DecodePath([a, a, b, a, a]));
        Assert.Equal([0, 0, 1, 1, 0, 0], Splices.DecodePath([a, a, b, b, a, a]));
    }

    [Fact]
    public void TheDecodedPathIsTheBestOfAllPaths()
    {
        var random = new DeviceId.Foundation.SplitMix64(3);
        for (var round = 0; round < 20; round++)
        {
            var segments = Enumerable.Range(0, 6).Select(_ => Enumerable.Range(0, 3).Select(_ => -30 * random.Uniform()).ToArray())
                .ToList();
            double Value(int[] path) => path.Select((device, i) =>
                Math.Max(segments[i][device], -9) - (i > 0 && path[i - 1] != device ? 8 : 0)).Sum();
            var all = Enumerable.Range(0, 729).Select(n => Enumerable.Range(0, 6).Select(i => n / (int)Math.Pow(3, i) % 3).ToArray());
            Assert.Equal(all.Max(Value), Value(Splices.DecodePath(segments)), 1e-9);
        }
    }

    private static double[] Log(char device) => [Math.Log(device == 'A' ? 0.9999 : 0.0001), Math.Log(device == 'A' ? 0.0001 : 0.9999)];
}
