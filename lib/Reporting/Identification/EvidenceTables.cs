using DeviceId.Evaluation;
using DeviceId.Experiments;
using DeviceId.Identification;

namespace DeviceId.Reporting;

/// <summary>Tables and charts of an identification study (<see cref="PhoneModelStudy"/>), every number with its interval.</summary>
/// <remarks>
/// 95 % intervals by cluster bootstrap over devices, because errors are correlated within a device; for proportions of recordings, Wilson's
/// interval. Where all bootstrap samples give the same proportion, Wilson's interval with each device as one trial.
/// </remarks>
/// <param name="evidence">The study's result.</param>
public sealed class EvidenceTables(PhoneModelEvidence evidence)
{
    private static readonly double[] FalseAlarms = [0.01, 0.05, 0.1];

    private static readonly (string Name, DeviceRelation? Relation)[] Relations =
        [("any other device", null), ("another brand", DeviceRelation.OtherBrand),
            ("another model of the brand", DeviceRelation.OtherModel), ("another unit of the model", DeviceRelation.OtherUnit)];

    private const string BootstrapNote = "Brackets: 95 %, bootstrap over whole devices.";

    /// <summary>What file facts alone reach on the same recordings; null if that was not measured.</summary>
    internal FileFactsResult? FileFacts { get; init; }

    private const string TooFew = "There are too few devices, or recordings of them, to hold some out as unknown.";

    /// <summary>Origin of the numbers, in one sentence.</summary>
    public string Source => FormattableString.Invariant(
        $"{evidence.Corpus}, fingerprint {evidence.Fingerprint[..12]}: {evidence.Recordings.Count} recordings of {evidence.Devices} ")
        + $"devices, each tested with models that were not trained on its sentence{(evidence.IsSimulated ? $"; {SimulatedNote}" : "")}.";

    internal const string SimulatedNote = "the recordings are simulated, so the results say nothing about real phones";

    /// <summary>Closed-set identification: accuracy and calibration of the probabilities.</summary>
    public ResultTable Calibration()
    {
        var table = new ResultTable("Identification among known devices", "", "tested", "correct (%)", "mean probability (%)",
            "expected calibration error (%)");
        void Row(string name, IReadOnlyList<IdentificationResult> answers, bool areCorrelated = false)
        {
            var correct = answers.Count(IsCorrect);
            var proportion = (double)correct / answers.Count;
            var devices = Clusters(answers, a => a.TrueDevice);
            var interval = !areCorrelated ? Interval.Wilson(correct, answers.Count)
                : BootstrapOrWilson(devices, sample => (double)sample.Count(IsCorrect) / sample.Count, proportion);
            var error = ClusterBootstrap.Interval(devices, CalibrationError);
            table.Row(name, answers.Count, Proportion(proportion, interval),
                Percent(answers.Average(a => a.Probability)), Proportion(CalibrationError(answers), error));
        }

        Row("recordings", evidence.Recordings);
        foreach (var beginnings in evidence.Beginnings.GroupBy(b => b.Seconds).OrderByDescending(g => g.Key))
            Row(FormattableString.Invariant($"their first {beginnings.Key:0} s"), [.. beginnings.Select(b => b.Answer)]);
        // Segments of one recording tend to be correct or wrong together, so Wilson's interval would be too narrow.
        Row("segments", evidence.Segments, areCorrelated: true);
        if (FileFacts?.Accuracy() is { } facts)
            table.Row(FileFactsResult.RowName, facts.Total, Proportion(facts.Value, facts.Interval), new Missing("no model"),
                new Missing("no model"));
        var factsNote = FileFacts is null ? "" : $" {FileFactsResult.Note}";
        return table.WithNote($"{Source} Brackets: 95 %; for recordings Wilson's interval, otherwise bootstrap over whole devices. "
            + "Expected calibration error: mean difference between probability and proportion of correct answers, in 15 bins (Guo et al. "
            + $"2017).{factsNote}");
    }

    /// <summary>Reliability diagram: proportion of correct answers against probability.</summary>
    public INotebookValue ReliabilityPlot() => ReliabilityChart.Draw(
        "Are 80 % of the answers with probability 80 % correct? (bands: 95 %)",
        [EvidenceCurves.Reliability("segments", evidence.Segments), EvidenceCurves.Reliability("recordings", evidence.Recordings)]);

    /// <summary>Open-set identification: known devices identified at given false-alarm rates.</summary>
    public ResultTable Unknown()
    {
        var known = evidence.Unknowns.Count(u => u.IsKnown);
        var table = new ResultTable("\"None of these\": a fifth of the devices unknown", "false alarms allowed (%)",
            "known devices identified correctly (%)", "unknown devices named (%)");
        if (known == 0)
            return table.WithNote(TooFew);
        foreach (var rate in FalseAlarms)
        {
            var point = OpenSetCurve.At(EvidenceCurves.Points(evidence.Unknowns), rate);
            var interval = BootstrapOrWilson(Clusters(evidence.Unknowns, u => u.TrueDevice), sample => IdentificationRate(sample, rate),
                point.Identified);
            table.Row(new Number(100 * rate, "0"), Proportion(point.Identified, interval), Percent(point.FalseAlarms));
        }

        return table.WithNote(FormattableString.Invariant($"{known} tests with known and {evidence.Unknowns.Count - known} with unknown ")
            + "devices. The thresholds are chosen on these tests themselves; a model chooses its own by holding out devices of its "
            + $"training recordings. {BootstrapNote}");
    }

    /// <summary>Detection and identification rate against false alarms.</summary>
    public INotebookValue UnknownCurve() => Charts.Lines(
        "Known devices identified, against unknown devices named (band: 95 %)", "unknown devices named (%)",
        "known devices identified correctly (%)", evidence.Unknowns.Count == 0 ? [] : [EvidenceCurves.OpenSet(evidence.Unknowns)]);

    /// <summary>Verification: quality of the likelihood ratios, by the relation of the two devices.</summary>
    public ResultTable Verification()
    {
        var table = new ResultTable("Was it this device?", "different-source device", "trials", "Cllr (bits)", "minimum Cllr",
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
            var cllr = ClusterBootstrap.Interval(clusters, sample => Measure(sample, s => s.Cllr));
            var minimum = ClusterBootstrap.Interval(clusters, sample => Measure(sample, s => s.MinimumCllr), resamples: 200);
            var error = BootstrapOrWilson(
                clusters, sample => Measure(sample, s => s.EqualErrorRate), scores.EqualErrorRate, resamples: 200);
            table.Row(
                name, new TrialCounts(same.Count, different.Count), Bits(scores.Cllr, cllr), Bits(scores.MinimumCllr, minimum),
                Proportion(scores.EqualErrorRate, error));
        }

        return table.WithNote("Trials: same-source + different-source. In different-source trials the device that made the recording is "
            + "unknown to the model and its calibration. No test sentence was used in training. Cllr: 0 is perfect, 1 is the cost of "
            + "giving no evidence (Brümmer and du Preez 2006); minimum: the same scores with the best calibration in hindsight. "
            + BootstrapNote);
    }

    /// <summary>Tippett plot: proportion of trials with at least a given likelihood ratio.</summary>
    public INotebookValue TippettPlot()
    {
        var scores = evidence.Trials.Select(t => t.Score / Math.Log(10)).ToList();
        (string Name, IReadOnlyList<VerificationTrial> Trials)[] lines =
        [
            ("same device", [.. evidence.Trials.Where(t => t.TrueDevice == t.ClaimedDevice)]),
            ("another device", [.. evidence.Trials.Where(t => t.TrueDevice != t.ClaimedDevice)]),
            ("another unit of its model", [.. evidence.Trials.Where(t => t.Relation() == DeviceRelation.OtherUnit)]),
        ];
        return Charts.Lines("Tippett plot (bands: 95 %)", "log10 of the likelihood ratio", "trials with at least this ratio (%)",
            [.. lines.Where(line => line.Trials.Count > 0)
                .Select(line => EvidenceCurves.Tippett(line.Name, line.Trials, scores.Min(), scores.Max()))]);
    }

    /// <summary>Splice detection by the duration of the inserted segment.</summary>
    public ResultTable Splices()
    {
        var table = new ResultTable("Splices of two devices", "inserted segment (s)", "recordings", "both devices found, in place (%)");
        foreach (var length in evidence.Splices.GroupBy(s => s.Seconds).OrderBy(g => g.Key))
        {
            var (found, count) = (length.Count(s => s.IsFound), length.Count());
            object seconds = length.Key == 0 ? new Missing("none (false alarms)") : new Number(length.Key, "0");
            table.Row(seconds, count, Proportion((double)found / count, Interval.Wilson(found, count)));
        }

        return table.WithNote("The inserted segment comes from the next device in alphabetical order, often of the same brand, has the "
            + "same words, and lies in the middle. First row: unchanged recordings, in which no splice should be found. "
            + "Brackets: 95 %, Wilson's interval.");
    }

    /// <summary>
    /// Interval of a proportion by bootstrap over devices; Wilson's with one trial per device if all bootstrap samples are equal.
    /// </summary>
    private static Interval BootstrapOrWilson<T>(
        IReadOnlyList<IReadOnlyList<T>> devices, Func<IReadOnlyList<T>, double> proportion, double value, int resamples = 500)
    {
        var bootstrap = ClusterBootstrap.Interval(devices, proportion, resamples);
        return bootstrap.High > bootstrap.Low ? bootstrap : Interval.WilsonOfProportion(value, devices.Count);
    }

    private static double CalibrationError(IReadOnlyList<IdentificationResult> answers) =>
        Reliability.Compute([.. answers.Select(a => (Math.Min(a.Probability, 1), IsCorrect(a)))]).ExpectedCalibrationError;

    /// <summary>NaN if a bootstrap sample lacks known or unknown devices.</summary>
    private static double IdentificationRate(IReadOnlyList<OpenSetResult> answers, double falseAlarms) =>
        answers.Any(a => a.IsKnown) && answers.Any(a => !a.IsKnown)
            ? OpenSetCurve.At(EvidenceCurves.Points(answers), falseAlarms).Identified : double.NaN;

    /// <summary>NaN if a bootstrap sample lacks same-source or different-source trials.</summary>
    private static double Measure(IReadOnlyList<VerificationTrial> trials, Func<VerificationScores, double> measure) =>
        trials.Any(t => t.TrueDevice == t.ClaimedDevice) && trials.Any(t => t.TrueDevice != t.ClaimedDevice)
            ? measure(SimilarityCalibration.Scores(trials)) : double.NaN;

    private static bool IsCorrect(IdentificationResult answer) => answer.Named == answer.TrueDevice;

    private static IReadOnlyList<IReadOnlyList<T>> Clusters<T>(IEnumerable<T> items, Func<T, string> cluster) =>
        [.. items.GroupBy(cluster).Select(g => (IReadOnlyList<T>)[.. g])];

    private static Number Percent(double proportion) => new(100 * proportion, "0.0");

    private static Estimate Proportion(double proportion, Interval interval) =>
        Estimate.FromProportion(proportion, interval) with { Format = "0.0" };

    private static Estimate Bits(double bits, Interval interval) => new(bits, interval.Low, interval.High) { Format = "0.000" };
}
