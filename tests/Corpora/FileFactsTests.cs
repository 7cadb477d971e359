using DeviceId.Audio;
using DeviceId.Corpora;

namespace DeviceId.Tests.Corpora;

public sealed class FileFactsTests
{
    private const int Rate = 8000;

    [Fact]
    [Trait("Speed", "Slow")]
    public void FileFactsNameTwoThirdsOfThePublicRecordings()
    {
        // Measured on 2026-11-30: 118 of 180, chance 4.
        var corpus = CcnuMobile.Open(TestPaths.RealData("ccnu-mobile"));
        var facts = corpus.Recordings.Select(r => FileFacts.Measure(AudioFile.Read(r.Path)));
        var test = new FileFactsClassifier(corpus.Recordings, [.. facts]);
        Assert.InRange(test.Together().Right, 110, 125);
        Assert.InRange(test.Together().Chance * 180, 4, 4.0001);
        // All have the same rate, length, container and codec: these name nothing by themselves.
        Assert.All(test.Alone().Where(f => f.Name is "sampling rate" or "channels" or "container"), f => Assert.Equal(4, f.Right, 1e-6));
        Assert.Equal(180, test.Predict().Count);
    }

    [Fact]
    public void ADcOffsetPerDeviceIsFoundAsTheFactThatBetraysIt()
    {
        // Equal noise, but each device has its own offset: 1, 2, 4, ... of 32768.
        var (recordings, facts) = Make(6, 5, (device, sample) => sample + (float)(Math.Pow(2, device) / 32768));
        var test = new FileFactsClassifier(recordings, facts);
        // The offset also raises the peak, which names them as well.
        var offset = test.Alone().Single(fact => fact.Name == "DC offset");
        Assert.Equal(30, offset.Right);
        Assert.InRange(offset.P, 0, 1e-12);
        Assert.True(test.Together().Right >= 27, $"{test.Together()}");
    }

    [Fact]
    public void DigitalGainLeavesGapsInTheSampleValues()
    {
        // Doubled 16-bit samples are all even, and every second value is unused.
        var (_, plain) = Make(1, 1, (_, sample) => sample);
        var (_, doubled) = Make(1, 1, (_, sample) => 2 * sample);
        double Value(FileFacts facts, string name) => facts.Numbers[FileFacts.NumberNames.ToList().IndexOf(name)];
        Assert.Equal(0.5, Value(plain[0], "even sample values"), 0.03);
        Assert.Equal(1, Value(doubled[0], "even sample values"));
        // Noise of this length leaves a few of the values in its range unused: the expected share is below 0.03.
        Assert.Equal(0, Value(plain[0], "unused sample values"), 0.03);
        Assert.Equal(0.5, Value(doubled[0], "unused sample values"), 0.02);
        Assert.Equal(Value(plain[0], "level") + 6.02, Value(doubled[0], "level"), 0.01);
    }

    [Fact]
    public void EqualFactsNameNothingAndOneSentenceCannotBeTested()
    {
        var (recordings, facts) = Make(4, 4, (_, sample) => sample, (_, sentence) => sentence);
        // All devices are equally near: each recording counts a quarter.
        Assert.Equal(4, new FileFactsClassifier(recordings, facts).Together().Right, 1e-9);
        var (single, singleFacts) = Make(4, 1, (_, sample) => sample);
        Assert.False(new FileFactsClassifier(single, singleFacts).CanTest);
        Assert.False(new FileFactsClassifier([], []).CanTest);
    }

    private static (Recording[] Recordings, FileFacts[] Facts) Make(
        int devices, int sentences, Func<int, float, float> change, Func<int, int, int>? seed = null)
    {
        var pairs = (from device in Enumerable.Range(0, devices)
                     from sentence in Enumerable.Range(0, sentences)
                     let random = new Random(seed?.Invoke(device, sentence) ?? ((100 * device) + sentence))
                     let samples = Noise(random).Select(sample => change(device, sample)).ToArray()
                     select (FakeCorpus.Recording($"d{device}", $"s{sentence}"), FileFacts.Measure(new AudioClip(samples, Rate)))).ToList();
        return ([.. pairs.Select(p => p.Item1)], [.. pairs.Select(p => p.Item2)]);
    }

    /// <summary>One second of 16-bit noise without an offset: each value occurs with both signs.</summary>
    private static IEnumerable<float> Noise(Random random) =>
        Enumerable.Range(0, Rate / 2).SelectMany(_ => random.Next(1, 50) is var value ? new[] { value / 32768f, -value / 32768f } : []);
}
