using System.Globalization;
using System.Net;
using DeviceId.Evaluation;
using DeviceId.Experiments;

namespace DeviceId.Reporting;

/// <summary>Tables, curves and findings of the robustness study.</summary>
/// <remarks>
/// The rule for the findings was fixed before the measurement. By recording: a system <i>survives</i> a degradation if it still
/// identifies at least nine tenths of the recordings that it identifies undegraded; it is <i>lost</i> if it identifies at most half of
/// them; in between it <i>suffers</i>. By segment: a difference between the two networks is <i>shown</i> if its 95 % interval excludes
/// zero and McNemar's p-value, Holm-corrected over all conditions, is below 5 %.
/// </remarks>
/// <param name="result">The study's result.</param>
public sealed class RobustnessReport(RobustnessResult result)
{
    private const double Survives = 0.9;
    private const double Lost = 0.5;
    private const double Level = 0.05;

    /// <summary>From this ratio of the strongest to the weakest degradation the axis is logarithmic.</summary>
    private const double MinLogRange = 8;

    private const string Key = "Clean network: trained on undegraded recordings. Augmented network: trained on degraded copies too, of the "
        + "kinds marked. Clean baseline: mean and standard deviation of the features with a support vector machine.";

    private static readonly RobustnessSystem[] Systems = Enum.GetValues<RobustnessSystem>();

    private readonly IReadOnlyList<RobustnessRow> _clean = [.. result.Rows.Where(row => row.System == RobustnessSystem.TrainedClean)];
    private readonly IReadOnlyList<Comparison> _training = [.. result.Rows.Where(row => row.System == RobustnessSystem.TrainedClean)
        .Select(row => Comparison.Compute(result[row.Condition.Label, RobustnessSystem.TrainedDegraded].Segments, row.Segments))];

    /// <summary>Accuracy by segment under each condition, and the difference between the two networks.</summary>
    public ResultTable Segments()
    {
        var table = new ResultTable("Accuracy by segment (%)",
            ["degradation", "in augmentation", .. Systems.Select(Name), "augmented − clean (points), p"]);
        var pValues = AdjustedPValues();
        for (var i = 0; i < _clean.Count; i++)
        {
            var condition = _clean[i].Condition;
            var seen = condition.Name == RobustnessCondition.Untouched ? "" : IsSeen(condition.Name) ? "other strengths" : "never";
            table.Row([
                condition.Label, seen,
                .. Systems.Select(system => result[condition.Label, system])
                    .Select(row => Estimate.FromProportion(row.BySegment.Value, row.SegmentInterval)),
                Estimate.FromDifference(_training[i]) with { PValue = new(pValues[i]) },
            ]);
        }

        return table.WithNote($"{Key} Intervals: 95 %, bootstrap over whole recordings (2000 samples). Difference: augmented network minus "
            + $"clean network, on the same segments; p: exact McNemar, Holm-corrected over the table. {Source}");
    }

    /// <summary>Accuracy by recording under each condition.</summary>
    public ResultTable Recordings()
    {
        var table = new ResultTable("Accuracy by recording (%)", ["degradation", .. Systems.Select(Name)]);
        foreach (var condition in _clean.Select(row => row.Condition))
            table.Row([
                condition.Label,
                .. Systems.Select(system => result[condition.Label, system].ByRecording)
                    .Select(accuracy => Estimate.FromProportion(accuracy.Value, accuracy.Interval)),
            ]);
        return table.WithNote($"{Key} Intervals: 95 % (Wilson). {Source}");
    }

    /// <summary>
    /// Accuracy by segment against the strength of one kind of degradation, one line per system with its 95 % interval; a sentence if the
    /// kind was not tested.
    /// </summary>
    /// <param name="name">The kind of degradation: "white noise".</param>
    public INotebookValue Curve(string name)
    {
        var conditions = _clean.Select(row => row.Condition).Where(c => c.Name == name).OrderBy(c => c.Strength).ToList();
        if (conditions.Count == 0)
        {
            var reasons = Untested().Where(line => line.StartsWith(name + ":", StringComparison.Ordinal))
                .Select(line => line[(name.Length + 1)..].Trim());
            return HtmlFragment.Sentence($"{name}: not tested. {string.Join(" ", reasons)}".Trim());
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
            $"Accuracy under {name} (95 % intervals)", $"{first.Quantity} ({first.Unit})", "accuracy by segment (%)", [.. lines],
            logX: strengths[0] > 0 && strengths[^1] / strengths[0] >= MinLogRange, yRange: (0, 102));
    }

    /// <summary>Findings in sentences generated from the results.</summary>
    public INotebookValue Findings()
    {
        var sentences = Systems.Select(Survival).Concat(Training()).Concat(Untested().Select(line => $"Not tested: {line}")).ToList();
        return new HtmlFragment($"<ul>{string.Concat(sentences.Select(s => $"<li>{WebUtility.HtmlEncode(s)}</li>"))}</ul>",
            string.Join('\n', sentences.Select(s => "- " + s)));
    }

    private string Survival(RobustnessSystem system)
    {
        var clean = result.Clean(system).ByRecording;
        var proportions = result.Rows.Where(row => row.System == system && row.Condition.Name != RobustnessCondition.Untouched)
            .Select(row => (row.Condition, Remaining: clean.Correct == 0 ? 0 : row.ByRecording.Value / clean.Value)).ToList();
        string Where(Func<double, bool> holds) => Kinds(proportions.Where(p => holds(p.Remaining)).Select(p => p.Condition));
        return $"The {Name(system)} identifies {Percent(clean.Value)} of {clean.Total} undegraded recordings. It survives "
            + $"{Where(remaining => remaining >= Survives)}; it suffers from {Where(remaining => remaining is < Survives and > Lost)}; "
            + $"it is lost in {Where(remaining => remaining <= Lost)}.";
    }

    private IEnumerable<string> Training()
    {
        var pValues = AdjustedPValues();
        var all = Enumerable.Range(0, _clean.Count).ToList();
        var shown = all.Where(i => pValues[i] < Level && (_training[i].Interval.Low > 0 || _training[i].Interval.High < 0)).ToList();
        yield return "On undegraded recordings, training on degraded copies too changes the accuracy by segment by "
            + $"{Estimate.FromDifference(_training[0])} points, which is {(shown.Contains(0) ? "shown" : "not shown to be a difference")}.";
        yield return "Training on degraded copies is shown to help against "
            + $"{Kinds(Conditions(shown.Where(i => _training[i].Difference > 0)))}, and shown to do harm under "
            + $"{Kinds(Conditions(shown.Where(i => _training[i].Difference < 0)))}.";
        foreach (var (description, isSeen) in new[] { ("used at other strengths", true), ("did not use", false) })
        {
            var conditions = all.Where(i => _clean[i].Condition.Name != RobustnessCondition.Untouched
                && IsSeen(_clean[i].Condition.Name) == isSeen).ToList();
            if (conditions.Count > 0)
                yield return $"Against the {conditions.Count} {(conditions.Count == 1 ? "degradation" : "degradations")} of kinds that "
                    + $"this training {description}, it changes the accuracy by segment by "
                    + $"{Signed(conditions.Average(i => _training[i].Difference))} points on average.";
        }

        IEnumerable<RobustnessCondition> Conditions(IEnumerable<int> indices) =>
            indices.Select(i => _clean[i].Condition).Where(c => c.Name != RobustnessCondition.Untouched);
    }

    /// <summary>McNemar's p-values of the two networks, Holm-corrected over all conditions.</summary>
    private IReadOnlyList<double> AdjustedPValues() => Holm.Adjust([.. _training.Select(c => c.Test.PValue)]);

    /// <summary>Lists conditions by kind: "white noise (30, 20 dB), gain (-6 dB)"; "nothing that was tested".</summary>
    private static string Kinds(IEnumerable<RobustnessCondition> conditions)
    {
        var kinds = conditions.GroupBy(c => c.Name).Select(kind =>
        {
            var strengths = kind.Select(c => c.Strength.ToString("0.###", CultureInfo.InvariantCulture));
            return $"{kind.Key} ({string.Join(", ", strengths)} {kind.First().Unit})";
        }).ToList();
        return kinds.Count == 0 ? "nothing that was tested" : string.Join(", ", kinds);
    }

    /// <summary>Whether the augmented network was trained on a kind of degradation in every split.</summary>
    private bool IsSeen(string kind) => result.Splits.All(split => split.Seen.Contains(kind));

    /// <summary>Degradations that could not be tested in some split; the splits may have run on different machines.</summary>
    private IEnumerable<string> Untested() => result.Splits.SelectMany(split => split.Untested).Distinct();

    private string Source
    {
        get
        {
            var (first, clean) = (result.Splits[0], result.Clean(RobustnessSystem.TrainedClean));
            var corpus = first.IsSimulated ? $"{ResultTables.SimulatedWords}, which say nothing about real phones" : first.CorpusName;
            return $"{corpus} (fingerprint {first.Corpus[..Math.Min(12, first.Corpus.Length)]}); held out: "
                + $"{string.Join(", ", result.Splits.Select(s => s.Split))}; {clean.Segments.Count} segments of {clean.Recordings.Count} "
                + "recordings, one seed.";
        }
    }

    private static string Name(RobustnessSystem system) => system switch
    {
        RobustnessSystem.TrainedClean => "clean network",
        RobustnessSystem.TrainedDegraded => "augmented network",
        _ => "clean baseline",
    };

    private static string Percent(double proportion) => (100 * proportion).ToString("F1", CultureInfo.InvariantCulture) + " %";

    private static string Signed(double difference) => (100 * difference).ToString(Estimate.SignedFormat, CultureInfo.InvariantCulture);

    private static double Points(double proportion) => Math.Round(100 * proportion, 2);
}
