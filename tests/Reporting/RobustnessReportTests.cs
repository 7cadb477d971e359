using DeviceId.Evaluation;
using DeviceId.Experiments;
using DeviceId.Reporting;

namespace DeviceId.Tests.Reporting;

/// <summary>Tables, curves and findings of the robustness study from constructed results.</summary>
public sealed class RobustnessReportTests
{
    private const int Recordings = 40;
    private const int SegmentsPerRecording = 5;

    [Fact]
    public void TheTablesHaveEveryConditionWithIntervalsAndTheDifferenceOfTheNetworks()
    {
        var report = new RobustnessReport(Result());
        var segments = report.Segments();
        Assert.Equal(["as recorded", "white noise, 10 dB", "white noise, 0 dB", "Opus, 8 kbit/s"], segments.Rows.Select(row => row[0]));
        Assert.Equal(["", "other strengths", "other strengths", "never"], segments.Rows.Select(row => row[1]));
        Assert.StartsWith("100.0 [91.2, 100.0]", segments.Rows[0][2], StringComparison.Ordinal);
        // No disagreement in 40 recordings: Wilson's bound, z^2 / (40 + z^2), on both sides.
        Assert.Equal("0.0 [-8.8, +8.8], p = 1.000", segments.Rows[0][5]);
        Assert.StartsWith("+50.0 [", segments.Rows[2][5], StringComparison.Ordinal);
        Assert.EndsWith("p < 0.001", segments.Rows[2][5], StringComparison.Ordinal);
        Assert.Contains("200 segments of 40 recordings", segments.Note, StringComparison.Ordinal);

        var wilson = Interval.Wilson(10, Recordings);
        Assert.Equal(FormattableString.Invariant($"25.0 [{100 * wilson.Low:F1}, {100 * wilson.High:F1}]"), report.Recordings().Rows[2][1]);
    }

    [Fact]
    public void FindingsFollowTheRuleAndTheResults()
    {
        var text = new RobustnessReport(Result()).Findings().ToString();
        string[] expected =
        [
            "The clean network identifies 100.0 % of 40 undegraded recordings. It survives white noise (10 dB); it suffers from Opus "
                + "(8 kbit/s); it is lost in white noise (0 dB).",
            "is shown to help against white noise (0 dB), and shown to do harm under Opus (8 kbit/s)",
            "On undegraded recordings, training on degraded copies too changes the accuracy by segment by 0.0 [-8.8, +8.8] points, which "
                + "is not shown",
            "2 degradations of kinds that this training used at other strengths, it changes the accuracy by segment by +25.0 points",
            "1 degradation of kinds that this training did not use, it changes the accuracy by segment by -30.0 points",
        ];
        Assert.All(expected, sentence => Assert.Contains(sentence, text, StringComparison.Ordinal));
        Assert.Contains("Not tested: AMR narrowband: no encoder.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void CurvesHaveBandsAndUntestedKindsASentence()
    {
        var report = new RobustnessReport(Result());
        var html = Assert.IsType<Figure>(report.Curve("white noise")).ToHtml();
        Assert.Contains("signal-to-noise ratio (dB)", html, StringComparison.Ordinal);
        Assert.Contains("toself", html, StringComparison.Ordinal);
        Assert.Equal("AMR narrowband: not tested. no encoder.", report.Curve("AMR narrowband").ToString());
        Assert.Equal("snow: not tested.", report.Curve("snow").ToString());
    }

    [Fact]
    public void StatementsAboutAllSplitsHoldForEachSplit()
    {
        var split = Result().Splits[0];
        var report = new RobustnessReport(new RobustnessResult([split,
            split with { Split = "two", Recordings = [.. split.Recordings.Select(name => name + " of two")], Seen = ["Opus"],
            Untested = ["AMR narrowband: no encoder.", "rain: no clouds."] }]));
        var text = report.Findings().ToString();
        Assert.Single(text.Split('\n'), line => line.Contains("Not tested: AMR narrowband", StringComparison.Ordinal));
        Assert.Contains("Not tested: rain: no clouds.", text, StringComparison.Ordinal);
        Assert.Equal("rain: not tested. no clouds.", report.Curve("rain").ToString());
        Assert.Equal(["", "never", "never", "never"], report.Segments().Rows.Select(row => row[1]));
    }

    [Fact]
    public void InconsistentResultsAreRefused()
    {
        var split = Result().Splits[0];
        Assert.Empty(split.Problems());
        Assert.Contains("is not the first", Assert.Single((split with { Conditions = [.. split.Conditions.Skip(1)] }).Problems()),
            StringComparison.Ordinal);
        Assert.Contains("do not match the recordings", Assert.Single((split with { Truth = [.. split.Truth.Skip(1)] }).Problems()),
            StringComparison.Ordinal);
        Assert.NotEmpty((split with { Conditions = [.. split.Conditions.Select(c => c with { RecordingOf = [.. c.RecordingOf.Skip(1)] })] })
            .Problems());
        Assert.Throws<ArgumentException>(() => new RobustnessResult([]));
        Assert.Throws<ArgumentException>(() => new RobustnessResult([split, split with { Conditions = [.. split.Conditions.Take(2)] }]));
        Assert.Throws<ArgumentException>(() => new RobustnessResult([split])["snow", RobustnessSystem.Baseline]);
    }

    /// <summary>Forty recordings; under each condition a given number of them are correct in all segments.</summary>
    private static RobustnessResult Result()
    {
        var settings = Profile.Smoke.Settings;
        var truth = Enumerable.Range(0, Recordings).ToArray();
        var recordingOf = truth.SelectMany(r => Enumerable.Repeat(r, SegmentsPerRecording)).ToArray();
        OutputAnswers Answers(int correct)
        {
            int[] answers = [.. truth.Select(t => t < correct ? t : (t + 1) % Recordings)];
            return new OutputAnswers([.. recordingOf.Select(r => answers[r])], answers);
        }

        RobustnessCondition Condition(string name, double strength, string unit, int clean, int augmented, int baseline) => new(
            name, unit.Length == 0 ? name : FormattableString.Invariant($"{name}, {strength} {unit}"),
            unit == "dB" ? "signal-to-noise ratio" : "bit rate", strength, unit, recordingOf,
            new Dictionary<RobustnessSystem, OutputAnswers>
            {
                [RobustnessSystem.TrainedClean] = Answers(clean), [RobustnessSystem.TrainedDegraded] = Answers(augmented),
                [RobustnessSystem.Baseline] = Answers(baseline)
            });
        return new RobustnessResult([new RobustnessSplit
        {
            Key = "0", LibraryVersion = "0", Network = settings, Baseline = settings.AsBaseline(), Copies = 1, Seen = ["white noise"],
            Untested = ["AMR narrowband: no encoder."],
            CorpusName = "by hand", Corpus = "0123456789abcdef", IsSimulated = true, Split = "one", Seed = 1, Finished = DateTime.UnixEpoch,
            Environment = new("machine", "cpu", 1, "system", "runtime", "torch"), Devices = [.. truth.Select(d => $"device {d}")],
            Recordings = [.. truth.Select(r => $"r{r}")], Truth = truth,
            Conditions =
            [
                Condition(RobustnessCondition.Untouched, 0, "", 40, 40, 30), Condition("white noise", 10, "dB", 36, 36, 20),
                Condition("white noise", 0, "dB", 10, 30, 4), Condition("Opus", 8, "kbit/s", 30, 18, 25),
            ],
        }]);
    }
}
