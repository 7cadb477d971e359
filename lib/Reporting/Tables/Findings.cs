using System.Globalization;
using System.Net;
using DeviceId.Evaluation;
using DeviceId.Experiments;

namespace DeviceId.Reporting;

/// <summary>
/// What an experiment has shown, in plain sentences computed from its results: nothing here is written before the results are there.
/// </summary>
/// <param name="result">The experiment's results.</param>
internal sealed class Findings(ExperimentResult result)
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
        var verdicts = ClaimResult.All(result).Select(claim => claim.Verdict).ToList();
        int Count(string beginning) => verdicts.Count(verdict => verdict.StartsWith(beginning, StringComparison.Ordinal));
        var inDirection = Count("confirmed in direction");
        if (verdicts.Count > 0)
            yield return $"Of {verdicts.Count} statements of the paper that can be tested here, {Count("confirmed") - inDirection} are confirmed, {inDirection} in direction but not in size, {Count("contradicted")} contradicted, and of {Count("cannot tell")} we cannot tell.";
        yield return $"{Name(reference)} names {Percent(reference.MeanSegments)} of the segments and {Percent(reference.MeanRecordings)} of the recordings rightly.";
        if (result.Variants.Count < 2)
            yield break;

        // Other segments are easier or harder, and so are those of the trials that a row still lacks.
        var best = result.Variants.Where(v => !v.Variant.HasOtherSegments && v.Trials.Count == reference.Trials.Count)
            .MaxBy(v => v.MeanSegments) ?? reference;
        yield return best == reference
            ? "No other variant tested on the same segments has more of them right."
            : $"Most segments right has {Name(best)}: {Percent(best.MeanSegments)}.";

        var others = result.Variants.Skip(1).ToList();
        var comparisons = others.Select(v => v.Against(reference)).ToList();
        var adjusted = Holm.Adjust([.. comparisons.Select(c => c.Test.PValue)]);
        var shown = Enumerable.Range(0, others.Count)
            .Where(i => adjusted[i] < Level && (comparisons[i].Interval.Low > 0 || comparisons[i].Interval.High < 0)).ToList();
        yield return Group("Shown to be worse than the reference", shown.Where(i => comparisons[i].Difference < 0));
        yield return Group("Shown to be better than the reference", shown.Where(i => comparisons[i].Difference > 0));
        var undecided = Enumerable.Range(0, others.Count).Except(shown).ToList();
        if (undecided.Count > 0)
            yield return $"{undecided.Count} of {others.Count} variants cannot be told from the reference with {reference.Recordings.Select(a => a.Recording).Distinct().Count()} test recordings; which of them is better is not known, whatever the order of their numbers.";

        string Group(string what, IEnumerable<int> which)
        {
            var names = which.OrderBy(i => comparisons[i].Difference)
                .Select(i => $"{Name(others[i])} ({Signed(comparisons[i].Difference)} points)").ToList();
            return names.Count == 0 ? $"{what}: none." : $"{what}: {string.Join(", ", names)}.";
        }
    }

    private static string Name(VariantResult row) => row.Variant.Name;

    private static string Percent(double share) => (100 * share).ToString("F1", CultureInfo.InvariantCulture) + " %";

    private static string Signed(double share) => (100 * share).ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture);
}
