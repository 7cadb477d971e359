using DeviceId.Foundation;
using DeviceId.Identification;
using DeviceId.Reporting;

namespace DeviceId.Tests.Reporting;

public sealed class EvidenceTablesTests
{
    private static readonly RunEnvironment Here = new("m", "cpu", 1, "s", "r", "t");

    [Fact]
    public void ProportionsErrorsAndCllrAreThoseOfTheAnswers()
    {
        // Ten devices; all named with probability 0.9, nine of ten correctly, so there is no calibration error. Similarities: 0.8 for known
        // recordings except one with 0.2; 0.1 to 1.0 for unknown ones.
        var devices = Enumerable.Range(0, 10).Select(d => $"d{d}").ToList();
        var answers = devices.Select((d, i) => new IdentificationResult(d, "1", i == 0 ? "d9" : d, 0.9)).ToList();
        var unknowns = devices.Select((d, i) => new OpenSetResult(d, "1", true, d, i == 0 ? 0.2 : 0.8))
            .Concat(devices.Select((d, i) => new OpenSetResult(d, "1", false, "d0", (i + 1) / 10.0))).ToList();
        var trials = devices.SelectMany(d => new[] { new VerificationTrial(d, "1", d, 0), new VerificationTrial(d, "1", "other", 0) })
            .ToList();
        var tables = new EvidenceTables(new PhoneModelEvidence("c", new string('a', 64), false, new PhoneModelOptions(), 10, answers,
            answers, [.. answers.Take(5).Select(a => new ShortRecordingResult(2, a)),
            .. answers.Select(a => new ShortRecordingResult(4, a))], unknowns, trials,
            [new("a", "a", 0, 1, false), new("a", "b", 2, 3, true)], Here, 1));

        Assert.Equal(["recordings", "10"], tables.Calibration().Rows[0].Take(2));
        Assert.StartsWith("90.0 [", tables.Calibration().Rows[0][2], StringComparison.Ordinal);
        Assert.StartsWith("0.0 [", tables.Calibration().Rows[0][4], StringComparison.Ordinal);
        // At 10 % one unknown recording of ten may be named, the one with 1.0. No known recording is between it and the next one, with 0.9.
        Assert.StartsWith("0.0 [", tables.Unknown().Rows[2][1], StringComparison.Ordinal);
        // Likelihood ratios of 1 have a Cllr of one bit.
        Assert.StartsWith("1.000 [1.000, 1.000]", tables.Verification().Rows[0][2], StringComparison.Ordinal);
        // Every number except the counts has an interval; testing whole rows also covers future columns.
        Assert.All(tables.Verification().Rows[0].Skip(2), cell => Assert.Matches(@"^[0-9.]+ \[[0-9.]+, [0-9.]+\]$", cell));
        Assert.All(tables.Calibration().Rows.Where((_, i) => i != 2), row => Assert.Matches(@"^90.0 \[[0-9.]+, [0-9.]+\]$", row[2]));
        // Sorted from the longest beginning to the shortest; of the first five answers one is wrong.
        Assert.Equal([["recordings", "10"], ["their first 4 s", "10"], ["their first 2 s", "5"], ["segments", "10"]],
            tables.Calibration().Rows.Select(row => row.Take(2)));
        Assert.StartsWith("80.0 [", tables.Calibration().Rows[2][2], StringComparison.Ordinal);
        Assert.Equal(["2", "1"], tables.Splices().Rows[1].Take(2));
        foreach (var chart in new[] { tables.ReliabilityPlot(), tables.UnknownCurve(), tables.TippettPlot() })
            Assert.NotEmpty(chart.ToHtml());
    }

    [Fact]
    public void WithoutVariationBetweenDevicesTheIntervalIsWilsonsWithOneTrialPerDevice()
    {
        // Ten devices with five segments each, all correct; known recordings score above all unknown ones, same-source trials above all
        // different-source ones.
        var devices = Enumerable.Range(0, 10).Select(d => $"d{d}").ToList();
        var recordings = devices.Select(d => new IdentificationResult(d, "1", d, 0.9)).ToList();
        var segments = recordings.SelectMany(a => Enumerable.Repeat(a, 5)).ToList();
        var unknowns = devices.SelectMany(d =>
            new[] { new OpenSetResult(d, "1", true, d, 0.9), new OpenSetResult(d, "1", false, "d0", 0.1) }).ToList();
        var trials = devices.SelectMany(d => new[] { new VerificationTrial(d, "1", d, 5), new VerificationTrial(d, "1", "other", -5) })
            .ToList();
        var tables = new EvidenceTables(new PhoneModelEvidence("c", new string('a', 64), false, new PhoneModelOptions(), 10, recordings,
            segments, [], unknowns, trials, [], Here, 1));

        // Wilson: 10 / (10 + 3.8415) = 72.2 %, and 27.8 % for none of ten. Fifty independent segments would have 92.9 %.
        Assert.Equal("100.0 [72.2, 100.0]", tables.Calibration().Rows[1][2]);
        Assert.Equal("100.0 [72.2, 100.0]", tables.Unknown().Rows[0][1]);
        Assert.Equal("0.0 [0.0, 27.8]", tables.Verification().Rows[0][4]);
    }

    [Fact]
    public void WithoutUnknownDevicesTheTablesSaySo()
    {
        var tables = new EvidenceTables(new PhoneModelEvidence("c", new string('a', 64), true, new PhoneModelOptions(), 2,
            [new("a", "1", "a", 0.9)], [new("a", "1", "a", 0.9)], [], [], [], [], Here, 1));
        Assert.Contains("too few devices", tables.Unknown().Note, StringComparison.Ordinal);
        Assert.Contains("too few devices", tables.Verification().Note, StringComparison.Ordinal);
        Assert.Contains("simulated", tables.Source, StringComparison.Ordinal);
        Assert.NotEmpty(tables.UnknownCurve().ToHtml());
        Assert.NotEmpty(tables.TippettPlot().ToHtml());
    }
}
