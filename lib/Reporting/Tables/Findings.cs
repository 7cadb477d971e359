using System.Globalization;
using System.Net;
using DeviceId.Evaluation;
using DeviceId.Experiments;
using DeviceId.Foundation;

namespace DeviceId.Reporting;

/// <summary>Findings of an experiment in plain sentences, generated from its results.</summary>
internal sealed class Findings
{
    private const double Level = 0.05;

    private readonly ExperimentResult _result;
    private readonly IReadOnlyList<ClaimResult> _claims;
    private readonly List<VariantResult> _others;
    private readonly List<Comparison> _comparisons;
    private readonly List<int> _shown;

    /// <param name="result">The experiment's results.</param>
    /// <param name="claims">The paper's claims about them.</param>
    public Findings(ExperimentResult result, IReadOnlyList<ClaimResult> claims)
    {
        (_result, _claims) = (result, claims);
        _others = [.. result.Variants.Skip(1)];
        _comparisons = [.. _others.Select(v => v.Against(result.Reference))];
        var adjusted = Holm.Adjust([.. _comparisons.Select(c => c.Test.PValue)]);
        _shown = [.. Enumerable.Range(0, _others.Count)
            .Where(i => adjusted[i] < Level && (_comparisons[i].Interval.Low > 0 || _comparisons[i].Interval.High < 0))];
    }

    /// <summary>All sentences, as a list.</summary>
    public HtmlFragment Text()
    {
        var sentences = Present(Verdicts(), Reference(), Best(), Worse(), Better(), Undecided());
        var html = $"<ul>{string.Concat(sentences.Select(s => $"<li>{WebUtility.HtmlEncode(s)}</li>"))}</ul>";
        return new HtmlFragment(html, string.Join('\n', sentences.Select(s => "- " + s)));
    }

    /// <summary>What a reader in a hurry needs: what became of the claims, what is better, what cannot be told apart.</summary>
    public IReadOnlyList<string> Meaning() => Present(Verdicts(), Better(), Undecided());

    private static List<string> Present(params string?[] sentences) => [.. sentences.OfType<string>()];

    private string? Verdicts()
    {
        var verdicts = _claims.Select(claim => claim.Verdict.Kind).ToList();
        int Count(VerdictKind kind) => verdicts.Count(verdict => verdict == kind);
        return verdicts.Count == 0 ? null
            : $"Of {SentenceList.Count(verdicts.Count, "statement")} of the paper that can be tested here, "
                + $"{Count(VerdictKind.Confirmed)} are confirmed, {Count(VerdictKind.ConfirmedInDirection)} in direction but not in size, "
                + $"{Count(VerdictKind.Contradicted)} contradicted, and {Count(VerdictKind.CannotTell)} cannot be decided.";
    }

    private string Reference() => $"{Name(_result.Reference)} identifies {Percent(_result.Reference.MeanSegments)} of the segments and "
        + $"{Percent(_result.Reference.MeanRecordings)} of the recordings correctly.";

    private string? Best()
    {
        if (_others.Count == 0)
            return null;
        // Variants with other segments or with missing trials are not comparable: their segments may be easier or harder.
        var reference = _result.Reference;
        var best = _result.Variants.Where(v => !v.Variant.HasOtherSegments && v.Trials.Count == reference.Trials.Count)
            .MaxBy(v => v.MeanSegments) ?? reference;
        return best == reference
            ? "No other variant tested on the same segments identifies more of them correctly."
            : $"The variant with the most correct segments is {Name(best)}: {Percent(best.MeanSegments)}.";
    }

    private string? Worse() => Group("Shown to be worse than the reference", _shown.Where(i => _comparisons[i].Difference < 0));

    private string? Better() => Group("Shown to be better than the reference", _shown.Where(i => _comparisons[i].Difference > 0));

    private string? Group(string heading, IEnumerable<int> variants)
    {
        if (_others.Count == 0)
            return null;
        var names = variants.OrderBy(i => _comparisons[i].Difference)
            .Select(i => $"{Name(_others[i])} ({Signed(_comparisons[i].Difference)} points)").ToList();
        return names.Count == 0 ? $"{heading}: none." : $"{heading}: {string.Join(", ", names)}.";
    }

    private string? Undecided()
    {
        if (_shown.Count == _others.Count)
            return null;
        var recordings = _result.Reference.Recordings.Select(a => a.Recording).Distinct().Count();
        return $"{_others.Count - _shown.Count} of {_others.Count} variants cannot be distinguished from the reference with {recordings} "
            + "test recordings; it is not known which of them is better, whatever the order of their accuracies.";
    }

    private static string Name(VariantResult row) => row.Variant.Name;

    private static string Percent(double proportion) => (100 * proportion).ToString("F1", CultureInfo.InvariantCulture) + " %";

    private static string Signed(double difference) => (100 * difference).ToString(Estimate.SignedFormat, CultureInfo.InvariantCulture);
}
