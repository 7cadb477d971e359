using DeviceId.Evaluation;
using DeviceId.Experiments;
using MathNet.Numerics.Distributions;

namespace DeviceId.Tests.Experiments;

/// <summary>Confidence intervals over all trials of a variant.</summary>
public sealed class VariantResultTests
{
    private const int Recordings = 180;

    [Fact]
    public void WithNearlyAllRecordingsCorrectTheIntervalIsWilsons()
    {
        Assert.Equal(Interval.Wilson(Recordings - 1, Recordings), WithCorrect([Recordings - 1]).RecordingInterval);
        Assert.Equal(Interval.Wilson(Recordings, Recordings), WithCorrect([Recordings]).RecordingInterval);
    }

    [Fact]
    public void TheIntervalOfRecordingsHasItsNominalCoverageNearOne()
    {
        // Exact coverage at 98 %: the total probability of the counts whose interval contains 98 %. Counts below 160 are negligible.
        const double Truth = 0.98;
        var covered = Enumerable.Range(160, Recordings - 159)
            .Where(correct => WithCorrect([correct]).RecordingInterval is var i && i.Low <= Truth && Truth <= i.High)
            .Sum(correct => Binomial.PMF(Truth, Recordings, correct));

        // Wilson's coverage oscillates around 95 %; here it is 0.97. A bootstrap over recordings covers 0.89.
        Assert.InRange(covered, 0.94, 1);
    }

    [Fact]
    public void SeveralSeedsDoNotMakeMoreRecordings()
    {
        var two = WithCorrect([Recordings - 1, Recordings - 2]).RecordingInterval;
        Assert.Equal(Interval.WilsonOfProportion((Recordings - 1.5) / Recordings, Recordings), two);
        Assert.Equal(WithCorrect([Recordings - 1]).RecordingInterval, WithCorrect([Recordings - 1, Recordings - 1]).RecordingInterval);
    }

    /// <summary>A result with a trial for each number of correct recordings, each with another seed.</summary>
    private static VariantResult WithCorrect(int[] correct)
    {
        var variant = new Variant("PSTNN", Profile.Smoke.Settings);
        return new VariantResult(variant, [.. correct.Select((count, seed) => Trial(variant, count, seed))]);
    }

    private static TrialResult Trial(Variant variant, int correct, int seed)
    {
        var truth = new int[Recordings];
        int[] predicted = [.. truth.Select((_, r) => r < correct ? 0 : 1)];
        return new TrialResult
        {
            Key = "by hand", LibraryVersion = DeviceId.Experiments.Trial.LibraryVersion, Settings = variant.Settings,
            CorpusName = "by hand", Corpus = "0", IsSimulated = true, Split = "one", Seed = seed, Finished = DateTime.UnixEpoch,
            Environment = new("machine", "cpu", 1, "system", "runtime", "torch"), Epochs = [], Parameters = 1, Devices = ["a", "b"],
            Recordings = [.. truth.Select((_, r) => $"r{r}")], Truth = truth, RecordingOf = [.. truth.Select((_, r) => r)],
            Outputs = new Dictionary<string, OutputAnswers> { [TrialOutput.Deep] = new(predicted, predicted) }, Times = new(1, 2, 3),
        };
    }
}
