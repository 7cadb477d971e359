using DeviceId.Corpora;

namespace DeviceId.Tests.Corpora;

public sealed class ContainerFactsTests
{
    [Fact]
    public void A_sampling_rate_of_its_own_for_each_device_is_reported_with_the_evidence()
    {
        var warning = Assert.Single(ContainerFacts.Warnings(Make(5, 4, device => 8000 + 1000 * device, _ => 1)));
        Assert.Contains("sampling rate alone names the device of 100.0 %", warning, StringComparison.Ordinal);
        Assert.Contains("guessing: 20.0 %", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rate_that_half_the_devices_share_names_each_of_two_in_a_half()
    {
        // 10 devices, 5 rates for two each: the guess is right every other time, five times as often as guessing.
        var warning = Assert.Single(ContainerFacts.Warnings(Make(10, 4, device => 8000 + 1000 * (device / 2), _ => 1)));
        Assert.Contains("of 50.0 %", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Recordings_that_are_alike_give_no_warning() => Assert.Empty(ContainerFacts.Warnings(Make(5, 4, _ => 32000, _ => 7)));

    [Fact]
    public void Lengths_that_go_with_the_sentence_and_not_with_the_device_give_no_warning()
    {
        var random = new Random(1);
        Assert.Empty(ContainerFacts.Warnings(Make(20, 4, _ => 32000, _ => 5 + random.NextDouble())));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_share_is_that_of_looking_at_every_pair(int seed)
    {
        // Lengths of 6 values, so that many are equally close; the device has a say, so that there is a warning.
        var random = new Random(seed);
        var corpus = Make(8, 6, _ => 32000, device => device + random.Next(2));
        double Right(Recording recording)
        {
            var others = corpus.Recordings.Where(r => r.Sentence != recording.Sentence)
                .ToLookup(r => Math.Abs(r.DurationSeconds - recording.DurationSeconds));
            var closest = others.MinBy(g => g.Key)!;
            return closest.Count(r => r.Device == recording.Device) / (double)closest.Count();
        }

        var share = 100 * corpus.Recordings.Average(Right);
        Assert.Contains(FormattableString.Invariant($"names the device of {share:0.0} %"), Assert.Single(ContainerFacts.Warnings(corpus)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void One_device_or_one_sentence_leaves_nothing_to_compare()
    {
        Assert.Empty(ContainerFacts.Warnings(Make(1, 4, _ => 8000, _ => 1)));
        Assert.Empty(ContainerFacts.Warnings(Make(4, 1, device => 8000 + device, _ => 1)));
    }

    private static Corpus Make(int devices, int sentences, Func<int, int> rate, Func<int, double> seconds) => new("made",
        from device in Enumerable.Range(0, devices)
        from sentence in Enumerable.Range(0, sentences)
        select new Recording($"/{device}/{sentence}.wav", $"d{device:00}", $"s{sentence}", $"{device}-{sentence}", rate(device),
            seconds(device)), []);
}
