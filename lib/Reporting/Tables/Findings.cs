using System.Globalization;
using System.Net;
using DeviceId.Evaluation;
using DeviceId.Experiments;
using DeviceId.Foundation;

namespace DeviceId.Reporting;

/// <summary>
/// Findings of an experiment in plain sentences, generated from its results.
/// </summary>
/// <param name="result">The experiment's results.</param>
/// <param name="claims">The paper's claims about them.</param>
internal sealed class Findings(ExperimentResult result, IReadOnlyList<ClaimResult> claims)
{
    private const double Level = 0.05;

    public HtmlFragment Text()
    {
        var sentences = Sentences().ToList();
        var html = $"<ul>{string.Concat(sentences.Select(s => $"<li>{WebUtility.HtmlEncode(s)}</li>"))}</ul>";
        return new HtmlFragment(html, string.Join('\n', sentences.Select(s => "- " + s)));
    }

    private IEnumerable<string> Sentences()
    {
        var reference = result.Reference;
        var verdicts = claims.Select(claim => claim.Verdict.Kind).ToList();
        int Count(VerdictKind kind) => verdicts.Count(verdict => verdict == kind);
        if (verdicts.Count > 0)
            yield return $"Of {SentenceList.Count(verdicts.Count, "statement")} of the paper that can be tested here, "
                + $"{Count(VerdictKind.Confirmed)} are confirmed, {Count(VerdictKind.ConfirmedInDirection)} in direction but not in size, "
                + $"{Count(VerdictKind.Contradicted)} contradicted, and {Count(VerdictKind.CannotTell)} cannot be decided.";
        yield return $"{Name(reference)} identifies {Percent(reference.MeanSegments)} of the segments and "
            + $"{Percent(reference.MeanRecordings)} of the recordings correctly.";
        if (result.Variants.Count < 2)
            yield break;

        // Variants with other segments or with missing trials are not comparable: their segments may be easier or harder.
        var best = result.Variants.Where(v => !v.Variant.HasOtherSegments && v.Trials.Count == reference.Trials.Count)
            .MaxBy(v => v.MeanSegments) ?? reference;
        yield return best == reference
            ? "No other variant tested on the same segments identifies more of them correctly."
            : $"The variant with the most correct segments is {Name(best)}: {Percent(best.MeanSegments)}.";

        var others = result.Variants.Skip(1).ToList();
        var comparisons = others.Select(v => v.Against(reference)).ToList();
        var adjusted = Holm.Adjust([.. comparisons.Select(c => c.Test.PValue)]);
        var shown = Enumerable.Range(0, others.Count)
            .Where(i => adjusted[i] < Level && (comparisons[i].Interval.Low > 0 || comparisons[i].Interval.High < 0)).ToList();
        yield return Group("Shown to be worse than the reference", shown.Where(i => comparisons[i].Difference < 0));
        yield return Group("Shown to be better than the reference", shown.Where(i => comparisons[i].Difference > 0));
        var undecided = Enumerable.Range(0, others.Count).Except(shown).ToList();
        if (undecided.Count > 0)
        {
            var recordings = reference.Recordings.Select(a => a.Recording).Distinct().Count();
            yield return $"{undecided.Count} of {others.Count} variants cannot be distinguished from the reference with {recordings} test "
                + "recordings; it is not known which of them is better, whatever the order of their accuracies.";
        }

        string Group(string heading, IEnumerable<int> variants)
        {
            var names = variants.OrderBy(i => comparisons[i].Difference)
                .Select(i => $"{Name(others[i])} ({Signed(comparisons[i].Difference)} points)").ToList();
            return names.Count == 0 ? $"{heading}: none." : $"{heading}: {string.Join(", ", names)}.";
        }
    }

    private static string Name(VariantResult row) => row.Variant.Name;

    private static string Percent(double proportion) => (100 * proportion).ToString("F1", CultureInfo.InvariantCulture) + " %";

    private static string Signed(double difference) => (100 * difference).ToString(Estimate.SignedFormat, CultureInfo.InvariantCulture);
}
