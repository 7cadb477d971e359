using System.Globalization;
using System.Net;
using DeviceId.Evaluation;
using DeviceId.Experiments;

namespace DeviceId.Reporting;

/// <summary>What the robustness study has measured, as a table, as curves and in sentences.</summary>
/// <remarks>
/// The rule for the sentences, fixed before the measurement. By recording: a system <i>survives</i> what leaves it nine tenths or more of
/// the recordings that it names as they are, it is <i>lost</i> where a half or fewer are left, and <i>suffers</i> in between. By segment: a
/// difference between the two trainings is <i>shown</i> when its
/// 95 % interval leaves out zero and McNemar's probability, Holm-corrected over all conditions, is below 5 %.
/// </remarks>
/// <param name="result">The study's result.</param>
public sealed class RobustnessReport(RobustnessResult result)
{
    private const double Survives = 0.9;
    private const double Lost = 0.5;
    private const double Level = 0.05;

    /// <summary>Above this ratio of the strongest to the weakest a linear axis would press the weak ones together.</summary>
    private const double WideRange = 8;

    private const string Key = "Clean network: trained on the recordings as they are; network that heard: on degraded copies of them too, of the kinds marked; clean floor: mean and deviation with a support vector machine.";

    private static readonly RobustnessSystem[] Systems = Enum.GetValues<RobustnessSystem>();

    private readonly IReadOnlyList<RobustnessRow> _clean = [.. result.Rows.Where(row => row.System == RobustnessSystem.TrainedClean)];
    private readonly IReadOnlyList<Comparison> _training = [.. result.Rows.Where(row => row.System == RobustnessSystem.TrainedClean)
        .Select(row => Comparison.Compute(result[row.Condition.Label, RobustnessSystem.TrainedDegraded].Segments, row.Segments))];

    /// <summary>One row a condition: accuracy by segment, and what the second training changes.</summary>
    public ResultTable Segments()
    {
        var table = new ResultTable("By segment: what was done to the recordings, and who still knows the phone (%)",
            ["what was done", "heard", .. Systems.Select(Name), "heard − clean (points), p"]);
        var adjusted = Adjusted();
        for (var i = 0; i < _clean.Count; i++)
        {
            var condition = _clean[i].Condition;
            table.Row([
                condition.Label, condition.Name == RobustnessCondition.Untouched ? "" : IsHeard(condition.Name) ? "other strengths"
                    : "never",
                .. Systems.Select(system => result[condition.Label, system])
                    .Select(row => Estimate.FromProportion(row.BySegment.Value, row.SegmentInterval)),
                Estimate.FromDifference(_training[i]) with { PValue = new(adjusted[i]) },
            ]);
        }

        return table.WithNote($"{Key} Intervals: 95 %, whole recordings drawn anew (2000 times). Difference: the two trainings of the network on the same items; p: exact McNemar, Holm-corrected over the table. {Source}");
    }

    /// <summary>One row a condition: accuracy by recording.</summary>
    public ResultTable Recordings()
    {
        var table = new ResultTable("By recording: what was done, and who still knows the phone (%)",
            ["what was done", .. Systems.Select(Name)]);
        foreach (var condition in _clean.Select(row => row.Condition))
            table.Row([
                condition.Label,
                .. Systems.Select(system => result[condition.Label, system].ByRecording)
                    .Select(accuracy => Estimate.FromProportion(accuracy.Value, accuracy.Interval)),
            ]);
        return table.WithNote($"{Key} Intervals: 95 % (Wilson). {Source}");
    }

    /// <summary>
    /// Accuracy by segment against strength for one kind of degradation, one line a system, the band being its 95 % interval; a sentence
    /// where it was not tested.
    /// </summary>
    /// <param name="name">The kind: "white noise".</param>
    public INotebookValue Curve(string name)
    {
        var conditions = _clean.Select(row => row.Condition).Where(c => c.Name == name).OrderBy(c => c.Strength).ToList();
        if (conditions.Count == 0)
        {
            var sentence = $"{name}: not tested. {string.Join(" ", Untested().Where(line => line.StartsWith(name + ":", StringComparison.Ordinal)).Select(line => line[(name.Length + 1)..].Trim()))}".Trim();
            return new HtmlFragment($"<p>{WebUtility.HtmlEncode(sentence)}</p>", sentence);
        }

        double[] strengths = [.. conditions.Select(c => c.Strength)];
        var lines = Systems.Select(system =>
        {
            var rows = conditions.Select(c => result[c.Label, system]).ToList();
            return new Series($"{Name(system)} (as recorded: {Percent(result.Clean(system).BySegment.Value)})", strengths,
                [.. rows.Select(row => Points(row.BySegment.Value))])
            {
                Band = ([.. rows.Select(row => Points(row.SegmentInterval.Low))],
                    [.. rows.Select(row => Points(row.SegmentInterval.High))]),
            };
        });
        var first = conditions[0];
        return Charts.Lines(
            $"{name}: who still knows the phone (95 % intervals)", $"{first.Quantity} ({first.Unit})", "accuracy by segment (%)",
                [.. lines],
            logX: strengths[0] > 0 && strengths[^1] / strengths[0] >= WideRange, yRange: (0, 102));
    }

    /// <summary>What was found, in sentences that are computed from the results.</summary>
    public INotebookValue Findings()
    {
        var sentences = Systems.Select(Survival).Concat(Training()).Concat(Untested().Select(line => $"Not tested: {line}")).ToList();
        return new HtmlFragment($"<ul>{string.Concat(sentences.Select(s => $"<li>{WebUtility.HtmlEncode(s)}</li>"))}</ul>",
            string.Join('\n', sentences.Select(s => "- " + s)));
    }

    private string Survival(RobustnessSystem system)
    {
        var clean = result.Clean(system).ByRecording;
        var left = result.Rows.Where(row => row.System == system && row.Condition.Name != RobustnessCondition.Untouched)
            .Select(row => (row.Condition, Share: clean.Correct == 0 ? 0 : row.ByRecording.Value / clean.Value)).ToList();
        return $"The {Name(system)} names {Percent(clean.Value)} of {clean.Total} recordings as they are. It survives {Listed(left.Where(l => l.Share >= Survives))}; "
            + $"it suffers from {Listed(left.Where(l => l.Share is < Survives and > Lost))}; it is lost in {Listed(left.Where(l => l.Share <= Lost))}.";

        static string Listed(IEnumerable<(RobustnessCondition Condition, double Share)> which) => Kinds(which.Select(w => w.Condition));
    }

    private IEnumerable<string> Training()
    {
        var adjusted = Adjusted();
        var all = Enumerable.Range(0, _clean.Count).ToList();
        var shown = all.Where(i => adjusted[i] < Level && (_training[i].Interval.Low > 0 || _training[i].Interval.High < 0)).ToList();
        yield return "On recordings as they are, training on degraded copies too changes the accuracy by segment by "
            + $"{Estimate.FromDifference(_training[0])} points, which is {(shown.Contains(0) ? "shown" : "not shown to be a difference")}.";
        yield return $"Training on degraded copies is shown to help against {Kinds(Of(shown.Where(i => _training[i].Difference > 0)))}, and shown to do harm under {Kinds(Of(shown.Where(i => _training[i].Difference < 0)))}.";
        foreach (var (what, heard) in new[] { ("had heard at other strengths", true), ("had never heard", false) })
        {
            var which = all.Where(i => _clean[i].Condition.Name != RobustnessCondition.Untouched
                && IsHeard(_clean[i].Condition.Name) == heard).ToList();
            if (which.Count > 0)
                yield return $"Against the {which.Count} {(which.Count == 1 ? "degradation" : "degradations")} of kinds that this training {what}, it changes the accuracy by segment by {Signed(which.Average(i => _training[i].Difference))} points on average.";
        }

        IEnumerable<RobustnessCondition> Of(IEnumerable<int> which) =>
            which.Select(i => _clean[i].Condition).Where(c => c.Name != RobustnessCondition.Untouched);
    }

    /// <summary>McNemar's probabilities of the two trainings, corrected over all conditions.</summary>
    private IReadOnlyList<double> Adjusted() => Holm.Adjust([.. _training.Select(c => c.Test.PValue)]);

    /// <summary>"white noise (30, 20 dB), gain (-6 dB)"; "nothing".</summary>
    private static string Kinds(IEnumerable<RobustnessCondition> conditions)
    {
        var kinds = conditions.GroupBy(c => c.Name)
            .Select(kind => string.Create(CultureInfo.InvariantCulture,
            $"{kind.Key} ({string.Join(", ", kind.Select(c => c.Strength.ToString("0.###", CultureInfo.InvariantCulture)))} {kind.First().Unit})")).ToList();
        return kinds.Count == 0 ? "nothing that was tested" : string.Join(", ", kinds);
    }

    /// <summary>Whether the second training heard a kind before every held-out sentence.</summary>
    private bool IsHeard(string kind) => result.Splits.All(split => split.Seen.Contains(kind));

    /// <summary>What the study of any held-out sentence could not test: they may have run on different machines.</summary>
    private IEnumerable<string> Untested() => result.Splits.SelectMany(split => split.Untested).Distinct();

    private string Source
    {
        get
        {
            var (first, clean) = (result.Splits[0], result.Clean(RobustnessSystem.TrainedClean));
            return $"{(first.IsSimulated ? "Simulated recordings, which say nothing about real phones" : first.CorpusName)} (fingerprint {first.Corpus[..Math.Min(12, first.Corpus.Length)]}); "
                + $"held out: {string.Join(", ", result.Splits.Select(s => s.Split))}; {clean.Segments.Count} segments of {clean.Recordings.Count} recordings, one seed.";
        }
    }

    private static string Name(RobustnessSystem system) => system switch
    {
        RobustnessSystem.TrainedClean => "clean network",
        RobustnessSystem.TrainedDegraded => "network that heard",
        _ => "clean floor",
    };

    private static string Percent(double share) => (100 * share).ToString("F1", CultureInfo.InvariantCulture) + " %";

    private static string Signed(double share) => (100 * share).ToString(Estimate.SignedFormat, CultureInfo.InvariantCulture);

    private static double Points(double share) => Math.Round(100 * share, 2);
}
