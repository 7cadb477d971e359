using System.Globalization;
using System.Net;
using DeviceId.Experiments;
using DeviceId.Foundation;

namespace DeviceId.Reporting;

/// <summary>All claims of the paper that a report can test, in one table and one picture, numbered alike.</summary>
/// <param name="experiments">The experiments of the report.</param>
internal sealed class Scoreboard(IReadOnlyList<ExperimentDigest> experiments)
{
    private const int MaxLabel = 44;

    private readonly IReadOnlyList<(ExperimentDigest Experiment, ClaimDigest Claim)> _claims =
        [.. experiments.SelectMany(experiment => experiment.Claims.Select(claim => (experiment, claim)))];

    /// <summary>Number of claims.</summary>
    public int Count => _claims.Count;

    /// <summary>Number of verdicts of each kind, in words, those that occur.</summary>
    public static string Counts(IEnumerable<ClaimDigest> claims) => string.Join(", ", claims.GroupBy(claim => claim.Verdict.Kind)
        .OrderBy(group => group.Key).Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Count()} {Word(group.Key)}")));

    /// <summary>The numbers of verdicts as a sentence.</summary>
    public string Summary() => string.Create(CultureInfo.InvariantCulture,
        $"{SentenceList.Count(Count, "statement")} of the paper can be tested here: {Counts(_claims.Select(c => c.Claim))}.");

    /// <summary>The numbers of verdicts as a bar in HTML, one part for each kind.</summary>
    public string Bar()
    {
        var parts = _claims.GroupBy(c => c.Claim.Verdict.Kind).OrderBy(group => group.Key).Select(group => string.Create(
            CultureInfo.InvariantCulture, $"<span class=\"{CssClass(group.Key)}\" style=\"flex:{group.Count()}\">{group.Count()}</span>"));
        var legend = _claims.Select(c => c.Claim.Verdict.Kind).Distinct().Order()
            .Select(kind => $"<span><i class=\"{CssClass(kind)}\"></i>{Word(kind)}</span>");
        return $"<div class=\"verdicts\" role=\"img\" aria-label=\"{WebUtility.HtmlEncode(Summary())}\">{string.Concat(parts)}</div>"
            + $"<p class=\"legend\">{string.Concat(legend)}</p>";
    }

    /// <summary>One row for each claim: what the paper says, our number, the verdict and its reason.</summary>
    public ResultTable Table()
    {
        var table = new ResultTable("The paper's statements", "no.", "the paper says", "compared", "ours (points)", "verdict", "reason",
            "paper (points)", "table");
        foreach (var (experiment, claim) in _claims)
            table.Row(
                table.Cells.Count + 1, claim.Statement, $"{claim.First} − {claim.Second}", Ours(claim.Ours), Word(claim.Verdict.Kind),
                claim.Verdict.Reason, Paper(claim), experiment.PaperTable?.Replace("Table ", "", StringComparison.Ordinal) ?? "");
        return table.WithNote("Points: difference in accuracy by segment (by recording where the segments differ in length), with its 95 % "
            + "interval by bootstrap over whole recordings. Significant: the interval excludes zero, and McNemar's exact p, Holm-corrected "
            + "over the claims of the experiment, is below 0.05. The rule was fixed before the measurement (class Verdict).");
    }

    /// <summary>Our differences with intervals and the paper's differences on one axis; the numbers are those of the table.</summary>
    public INotebookValue Forest() => ForestPlot.Draw(
        "Measured differences and the paper's", [.. _claims.Select((c, i) => Row(i + 1, c.Claim))]);

    private static ForestRow Row(int number, ClaimDigest claim) => new(
        string.Create(CultureInfo.InvariantCulture, $"{Shorten($"{claim.First} − {claim.Second}")}  {number}"), claim.Ours.Value,
        claim.Ours.Low, claim.Ours.High, claim.Points, claim.Direction);

    private static string Shorten(string text) => text.Length <= MaxLabel ? text : text[..(MaxLabel - 1)].TrimEnd() + "…";

    private static Estimate Ours(DifferenceDigest ours) => new(ours.Value, ours.Low, ours.High) { Format = Estimate.SignedFormat };

    private static object Paper(ClaimDigest claim) => claim.Points is { } points ? new Number(points, "+0.#;-0.#;0")
        : new Missing(claim.Direction switch { Direction.Higher => "above 0", Direction.Lower => "below 0", _ => "0" });

    /// <summary>A kind of verdict in words.</summary>
    internal static string Word(VerdictKind kind) => kind switch
    {
        VerdictKind.Confirmed => "confirmed",
        VerdictKind.ConfirmedInDirection => "confirmed in direction, not in size",
        VerdictKind.Contradicted => "contradicted",
        _ => "cannot tell",
    };

    private static string CssClass(VerdictKind kind) => kind switch
    {
        VerdictKind.Confirmed => "confirmed",
        VerdictKind.ConfirmedInDirection => "direction",
        VerdictKind.Contradicted => "contradicted",
        _ => "open",
    };
}
