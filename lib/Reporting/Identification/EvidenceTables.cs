using System.Globalization;
using DeviceId.Evaluation;
using DeviceId.Identification;

namespace DeviceId.Reporting;

/// <summary>What a study of models has shown, as tables and charts: every number with its interval.</summary>
/// <remarks>Intervals: 95 %, by drawing whole devices anew (what is learnt of a device holds for all of its recordings); of shares of
/// recordings by Wilson's formula. Where every draw gives the same share, each device counts as one answer of Wilson's formula.</remarks>
/// <param name="evidence">The study.</param>
public sealed class EvidenceTables(PhoneModelEvidence evidence)
{
    private static readonly double[] FalseAlarms = [0.01, 0.05, 0.1];

    private static readonly (string Name, DeviceRelation? Relation)[] Relations =
        [("any other device", null), ("another brand", DeviceRelation.OtherBrand),
            ("another model of the brand", DeviceRelation.OtherModel), ("another unit of the model", DeviceRelation.OtherUnit)];

    private const string Drawn = "Brackets: 95 %, by drawing whole devices anew.";

    private const string TooFew = "There are too few devices, or recordings of them, to hold some out as unknown.";

    /// <summary>Where the numbers come from.</summary>
    public string Source => Say(
        $"{evidence.Corpus}, fingerprint {evidence.Fingerprint[..12]}: {evidence.Recordings.Count} recordings of {evidence.Devices} devices, each asked of models that had not seen its sentence{(evidence.IsSimulated ? "; simulated, and so without meaning for real phones" : "")}.");

    /// <summary>Whether probabilities mean what they say.</summary>
    public ResultTable Calibration()
    {
        var table = new ResultTable("Named among known devices", "", "asked", "right (%)", "mean probability (%)",
            "expected calibration error (%)");
        void Row(string name, IReadOnlyList<IdentificationResult> answers, bool severalOfARecording = false)
        {
            var right = answers.Count(IsRight);
            var devices = Clusters(answers, a => a.TrueDevice);
            // Segments of one recording are right or wrong together: theirs is drawn, too.
            var interval = !severalOfARecording ? Interval.Wilson(right, answers.Count)
                : DrawnOrWilson(devices, drawn => (double)drawn.Count(IsRight) / drawn.Count, (double)right / answers.Count);
            var error = ClusterBootstrap.Interval(devices, Error);
            table.Row(
                name, answers.Count, Share((double)right / answers.Count, interval),
                Percent(answers.Average(a => a.Probability)), Share(Error(answers), error));
        }

        Row("recordings", evidence.Recordings);
        foreach (var beginnings in evidence.Beginnings.GroupBy(b => b.Seconds).OrderByDescending(g => g.Key))
            Row(Say($"their first {beginnings.Key:0} s"), [.. beginnings.Select(b => b.Answer)]);
        Row("segments", evidence.Segments, severalOfARecording: true);
        return table.WithNote($"{Source} Brackets: 95 %; of recordings by Wilson's formula, else by drawing whole devices anew. Expected calibration error: mean distance of probability and share of right answers, in 15 bins (Guo et al. 2017).");
    }

    /// <summary>Probability against the share of right answers.</summary>
    public INotebookValue ReliabilityPlot() => ReliabilityChart.Draw(
        "Are answers of 80 % right four times in five? (bands: 95 %)",
        [EvidenceCurves.Reliable("segments", evidence.Segments), EvidenceCurves.Reliable("recordings", evidence.Recordings)]);

    /// <summary>Naming known devices while staying silent about unknown ones.</summary>
    public ResultTable Unknown()
    {
        var known = evidence.Unknowns.Count(u => u.IsKnown);
        var table = new ResultTable("\"None of these\": a fifth of the devices unknown", "false alarms allowed (%)",
            "known devices named, and rightly (%)", "unknown devices named (%)");
        if (known == 0)
            return table.WithNote(TooFew);
        foreach (var rate in FalseAlarms)
        {
            var point = OpenSetCurve.At(EvidenceCurves.Points(evidence.Unknowns), rate);
            var interval = DrawnOrWilson(Clusters(evidence.Unknowns, u => u.TrueDevice), drawn => Identified(drawn, rate),
                point.Identified);
            table.Row(new Number(100 * rate, "0"), Share(point.Identified, interval), Percent(point.FalseAlarms));
        }

        return table.WithNote(Say($"{known} questions about known and {evidence.Unknowns.Count - known} about unknown devices. The curve's threshold is read off these answers themselves; a model sets its own by holding devices out of its training recordings. {Drawn}"));
    }

    /// <summary>Detection and identification rate against false alarms.</summary>
    public INotebookValue UnknownCurve() =>
        Charts.Lines("Known devices named rightly, against unknown ones named at all (band: 95 %)", "unknown devices named (%)",
        "known devices named, and rightly (%)",
        evidence.Unknowns.Count == 0 ? [] : [EvidenceCurves.Curve(evidence.Unknowns)]);

    /// <summary>Was it this device: how good the likelihood ratios are, by how near the other device is.</summary>
    public ResultTable Verification()
    {
        var table = new ResultTable("Was it this device?", "the truth where it was not", "trials", "Cllr (bits)", "minimum Cllr",
            "equal error rate (%)");
        if (evidence.Trials.Count == 0)
            return table.WithNote(TooFew);
        var same = evidence.Trials.Where(t => t.TrueDevice == t.ClaimedDevice).ToList();
        foreach (var (name, relation) in Relations)
        {
            var different = evidence.Trials.Where(t => t.TrueDevice != t.ClaimedDevice && (relation is null || t.Relation() == relation))
                .ToList();
            if (different.Count == 0)
                continue;
            var trials = same.Concat(different).ToList();
            var scores = SimilarityCalibration.Scores(trials);
            var clusters = Clusters(trials, t => t.TrueDevice);
            var cost = ClusterBootstrap.Interval(clusters, drawn => Of(drawn, s => s.Cllr));
            var least = ClusterBootstrap.Interval(clusters, drawn => Of(drawn, s => s.MinimumCllr), resamples: 200);
            var error = DrawnOrWilson(clusters, drawn => Of(drawn, s => s.EqualErrorRate), scores.EqualErrorRate, resamples: 200);
            table.Row(
                name, new TrialCounts(same.Count, different.Count), Cost(scores.Cllr, cost), Cost(scores.MinimumCllr, least),
                Share(scores.EqualErrorRate, error));
        }

        return table.WithNote("Trials: of one device + of two, where the second device is unknown to the model, its calibration included, and no sentence is shared. Cllr: 0 is perfect, 1 is what silence costs (Brümmer and du Preez 2006); minimum: the same scores calibrated by hindsight. " + Drawn);
    }

    /// <summary>For each ratio the share of trials that reach it.</summary>
    public INotebookValue TippettPlot()
    {
        var scores = evidence.Trials.Select(t => t.Score / Math.Log(10)).ToList();
        (string Name, IReadOnlyList<VerificationTrial> Trials)[] lines =
        [
            ("it was the device", [.. evidence.Trials.Where(t => t.TrueDevice == t.ClaimedDevice)]),
                ("it was another", [.. evidence.Trials.Where(t => t.TrueDevice != t.ClaimedDevice)]),
            ("another unit of its model", [.. evidence.Trials.Where(t => t.Relation() == DeviceRelation.OtherUnit)]),
        ];
        return Charts.Lines("Tippett plot (bands: 95 %)", "log10 of the likelihood ratio", "trials that reach it (%)",
            [.. lines.Where(line => line.Trials.Count > 0)
                .Select(line => EvidenceCurves.Tippett(line.Name, line.Trials, scores.Min(), scores.Max()))]);
    }

    /// <summary>How short a foreign piece is found.</summary>
    public ResultTable Splices()
    {
        var table = new ResultTable("Recordings put together from two devices", "piece (s)", "recordings",
            "both devices found, in the right place (%)");
        foreach (var length in evidence.Splices.GroupBy(s => s.Seconds).OrderBy(g => g.Key))
        {
            var (found, count) = (length.Count(s => s.IsFound), length.Count());
            object seconds = length.Key == 0 ? new Missing("none (divided all the same)") : new Number(length.Key, "0");
            table.Row(seconds, count, Share((double)found / count, Interval.Wilson(found, count)));
        }

        return table.WithNote("The piece comes from the next device in the alphabet, often one of the same brand, at the same words, and lies in the middle. The first row: recordings as they were, in which nothing should be found. Brackets: 95 %, Wilson's formula.");
    }

    /// <summary>Of a share: devices drawn anew, or Wilson's of as many devices where every draw gives the same.</summary>
    private static Interval DrawnOrWilson<T>(
        IReadOnlyList<IReadOnlyList<T>> devices, Func<IReadOnlyList<T>, double> share, double value, int resamples = 500)
    {
        var drawn = ClusterBootstrap.Interval(devices, share, resamples);
        return drawn.High > drawn.Low ? drawn : Interval.WilsonOfProportion(value, devices.Count);
    }

    private static double Error(IReadOnlyList<IdentificationResult> answers) =>
        Reliability.Compute([.. answers.Select(a => (Math.Min(a.Probability, 1), IsRight(a)))]).ExpectedCalibrationError;

    private static double Identified(IReadOnlyList<OpenSetResult> answers, double rate) =>
        answers.Any(a => a.IsKnown) && answers.Any(a => !a.IsKnown)
            ? OpenSetCurve.At(EvidenceCurves.Points(answers), rate).Identified : double.NaN;

    private static double Of(IReadOnlyList<VerificationTrial> trials, Func<VerificationScores, double> measure) =>
        trials.Any(t => t.TrueDevice == t.ClaimedDevice) && trials.Any(t => t.TrueDevice != t.ClaimedDevice)
            ? measure(SimilarityCalibration.Scores(trials)) : double.NaN;

    private static bool IsRight(IdentificationResult answer) => answer.Named == answer.TrueDevice;

    private static IReadOnlyList<IReadOnlyList<T>> Clusters<T>(IEnumerable<T> items, Func<T, string> cluster) =>
        [.. items.GroupBy(cluster).Select(g => (IReadOnlyList<T>)[.. g])];

    private static Number Percent(double share) => new(100 * share, "0.0");

    private static Estimate Share(double share, Interval interval) => Estimate.FromProportion(share, interval) with { Format = "0.0" };

    private static Estimate Cost(double bits, Interval interval) => new(bits, interval.Low, interval.High) { Format = "0.000" };

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
