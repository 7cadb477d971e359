using System.Globalization;
using DeviceId.Corpora;
using DeviceId.Experiments;
using DeviceId.Foundation;
using DeviceId.Tests.Soak;
using static TorchSharp.torch;

namespace DeviceId.Tests.Experiments;

/// <summary>What the numbers of a whole trial, from recordings to answers, depend on and what they do not depend on.</summary>
[Collection(TensorCollection.Name)]
[Trait("Speed", "Slow")]
public sealed class IndependenceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TheSameSeedGivesTheSameBitsAndAnotherSeedOthers()
    {
        var corpus = SimulatedCorpus.Open(SweepProcess.Profile.Simulated, _folder.Path);
        var (one, again, other) = (Run(corpus, "one", 1), Run(corpus, "again", 1), Run(corpus, "other", 2));
        Assert.Equal(Numbers(one), Numbers(again));
        Assert.Equal(one.Key, again.Key);
        Assert.NotEqual(Numbers(one), Numbers(other));
        Assert.NotEqual(one.Key, other.Key);
    }

    [Theory]
    [InlineData("tr-TR", "Asia/Kathmandu")]
    [InlineData("de-DE", "America/St_Johns")]
    [InlineData("ar-SA", "Pacific/Kiritimati")]
    public void CultureTimeZoneAndThePathChangeNothing(string culture, string zone)
    {
        var expected = Run(SimulatedCorpus.Open(SweepProcess.Profile.Simulated, _folder.Path), "features", 1);
        var (before, zoneBefore) = (CultureInfo.CurrentCulture, Environment.GetEnvironmentVariable("TZ"));
        try
        {
            // Threads of the pool use the default culture; this thread has one of its own.
            CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.GetCultureInfo(culture);
            Environment.SetEnvironmentVariable("TZ", zone);
            TimeZoneInfo.ClearCachedData();
            Assert.NotEqual(TimeZoneInfo.Utc.BaseUtcOffset, TimeZoneInfo.Local.BaseUtcOffset);
            var folder = _folder.File("mit Leerzeichen, ü, İ und 録音 (1)");
            var result = Run(SimulatedCorpus.Open(SweepProcess.Profile.Simulated, folder), Path.Combine(folder, "features"), 1);
            Assert.Equal(expected.Key, result.Key);
            Assert.Equal(Numbers(expected), Numbers(result));
            var store = new TrialStore(Path.Combine(folder, "trials"));
            store.Write(result);
            Assert.Equal(Json.Write(result), Json.Write(store.Find(result.Trial)!));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
            CultureInfo.DefaultThreadCurrentCulture = null;
            Environment.SetEnvironmentVariable("TZ", zoneBefore);
            TimeZoneInfo.ClearCachedData();
        }
    }

    [Fact]
    public void TheNumberOfThreadsChangesTheLossByNoMoreThanRounding()
    {
        var corpus = SimulatedCorpus.Open(SweepProcess.Profile.Simulated, _folder.Path);
        var one = Run(corpus, "one", 1);
        var two = Run(corpus, "two", 1, threads: 2);
        Assert.Equal(one.Key, two.Key);

        // Sums in single precision in another order differ by a relative 1e-7. Adam's first steps depend on the sign of a gradient, however
        // small: where the gradient is only rounding error, a weight moves differently, so only the first epochs can be compared (measured:
        // a difference of 0.5 % of the loss in the fourth epoch, once).
        Assert.All(one.Epochs.Zip(two.Epochs).Take(2), pair => Assert.Equal(pair.First.Loss, pair.Second.Loss, 1e-3 * pair.First.Loss));
    }

    private TrialResult Run(Corpus corpus, string features, long seed, int threads = 1)
    {
        using var single = new SingleThread();
        using var several = new TorchThreads(threads);
        var profile = SweepProcess.Profile with { Seeds = [seed] };
        using var runner = new TrialRunner(corpus, new Pipeline(_folder.File(features), CPU));
        var variant = new Variant("PSTNN", profile.Settings);
        var trial = Experiment.Trials(variant, profile, corpus)[0];
        return runner.Run(trial, profile.Splits(corpus).First(split => split.Name == trial.Split)).Result;
    }

    /// <summary>All numbers of a result except times.</summary>
    private static string Numbers(TrialResult result) => Json.Write(new
    {
        Losses = result.Epochs.Select(epoch => epoch.Loss).ToList(),
        result.Outputs,
        result.Attention,
        result.Truth,
        result.RecordingOf,
        result.Recordings,
        result.Corpus,
    });
}
