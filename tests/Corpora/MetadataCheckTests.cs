using DeviceId.Corpora;

namespace DeviceId.Tests.Corpora;

public sealed class MetadataCheckTests
{
    [Fact]
    public void ADifferentSamplingRatePerDeviceIsReportedWithTheAccuracy()
    {
        var warning = Assert.Single(MetadataCheck.Warnings(Make(5, 4, device => 8000 + 1000 * device, _ => 1)));
        Assert.Contains("sampling rate alone identifies the device of 100.0 %", warning, StringComparison.Ordinal);
        Assert.Contains("chance: 20.0 %", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void ARateSharedByTwoDevicesIdentifiesEachInHalfOfTheCases()
    {
        // 10 devices, 5 rates with two devices each: half of the predictions are correct, five times chance.
        var warning = Assert.Single(MetadataCheck.Warnings(Make(10, 4, device => 8000 + 1000 * (device / 2), _ => 1)));
        Assert.Contains("of 50.0 %", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void RecordingsOfEqualFormatGiveNoWarning() => Assert.Empty(MetadataCheck.Warnings(Make(5, 4, _ => 32000, _ => 7)));

    [Fact]
    public void DurationsIndependentOfTheDeviceGiveNoWarning()
    {
        var random = new Random(1);
        Assert.Empty(MetadataCheck.Warnings(Make(20, 4, _ => 32000, _ => 5 + random.NextDouble())));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void TheAccuracyAgreesWithASearchOverAllPairs(int seed)
    {
        // Few distinct durations, so that many recordings are equally close; they depend on the device, so that there is a warning.
        var random = new Random(seed);
        var corpus = Make(8, 6, _ => 32000, device => device + random.Next(2));
        double Correct(Recording recording)
        {
            var others = corpus.Recordings.Where(r => r.Sentence != recording.Sentence)
                .ToLookup(r => Math.Abs(r.DurationSeconds - recording.DurationSeconds));
            var closest = others.MinBy(g => g.Key)!;
            return closest.Count(r => r.Device == recording.Device) / (double)closest.Count();
        }

        var accuracy = 100 * corpus.Recordings.Average(Correct);
        Assert.Contains(FormattableString.Invariant($"identifies the device of {accuracy:0.0} %"),
            Assert.Single(MetadataCheck.Warnings(corpus)), StringComparison.Ordinal);
    }

    [Fact]
    public void OneDeviceOrOneSentenceLeavesNothingToCompare()
    {
        Assert.Empty(MetadataCheck.Warnings(Make(1, 4, _ => 8000, _ => 1)));
        Assert.Empty(MetadataCheck.Warnings(Make(4, 1, device => 8000 + device, _ => 1)));
    }

    private static Corpus Make(int devices, int sentences, Func<int, int> rate, Func<int, double> seconds) => new("test",
        from device in Enumerable.Range(0, devices)
        from sentence in Enumerable.Range(0, sentences)
        select new Recording($"/{device}/{sentence}.wav", $"d{device:00}", $"s{sentence}", $"{device}-{sentence}", rate(device),
            seconds(device)), []);
}
