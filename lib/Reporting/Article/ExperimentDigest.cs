using System.Text.Json;
using System.Text.RegularExpressions;
using DeviceId.Experiments;
using DeviceId.Foundation;

namespace DeviceId.Reporting;

/// <summary>
/// What the article of a report needs of an experiment. The experiment's table carries it in its HTML, so that a report is made from
/// executed notebooks alone, whichever process ran them.
/// </summary>
/// <param name="Id">Id of the experiment.</param>
/// <param name="Title">Its title.</param>
/// <param name="PaperTable">The table of the paper; null for our own experiments.</param>
/// <param name="Profile">Name of the profile of the trials; null if it is not known.</param>
/// <param name="Corpus">The recordings.</param>
/// <param name="Variants">The variants, the reference first.</param>
/// <param name="Claims">The paper's claims about them, with verdicts.</param>
internal sealed partial record ExperimentDigest(
    string Id, string Title, string? PaperTable, string? Profile, CorpusDigest Corpus, IReadOnlyList<VariantDigest> Variants,
    IReadOnlyList<ClaimDigest> Claims)
{
    private const string Begin = "<script type=\"application/json\" class=\"deviceid-experiment\">";

    /// <summary>Whether many systems were explored, so that their differences are no findings.</summary>
    public bool IsExploratory { get; init; }

    /// <summary>Summarises results.</summary>
    public static ExperimentDigest Create(
        ExperimentResult result, IReadOnlyList<ClaimResult> claims, string? profile, CostResult? costs = null)
    {
        var (experiment, reference) = (result.Experiment, result.Reference);
        return new(experiment.Id, experiment.Title, experiment.PaperTable, profile, CorpusDigest.Create(result),
            [.. result.Variants.Select(row => VariantDigest.Create(row, row == reference ? null : reference, costs))],
            [.. claims.Select(ClaimDigest.Create)])
        {
            IsExploratory = experiment.IsExploratory,
        };
    }

    /// <summary>The digest as a script element, which a browser does not show.</summary>
    public string ToHtml() => Begin + Json.WriteCompact(this).Replace("</", "<\\/", StringComparison.Ordinal) + "</script>";

    /// <summary>All digests in a text of HTML; those that cannot be read are left out, because a notebook may show anything.</summary>
    public static IEnumerable<ExperimentDigest> In(string html) =>
        Script().Matches(html).Select(match => Parse(match.Groups[1].Value)).OfType<ExperimentDigest>();

    private static ExperimentDigest? Parse(string json)
    {
        try
        {
            return Json.Read<ExperimentDigest>(json) is { Variants.Count: > 0 } digest ? digest : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [GeneratedRegex("<script type=\"application/json\" class=\"deviceid-experiment\">(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Script();
}

/// <summary>The recordings of an experiment.</summary>
/// <param name="Name">Name of the corpus.</param>
/// <param name="Mark">First characters of its fingerprint.</param>
/// <param name="IsSimulated">Whether the recordings were simulated.</param>
/// <param name="Devices">Number of devices.</param>
/// <param name="Recordings">Number of test recordings of the reference.</param>
internal sealed record CorpusDigest(string Name, string Mark, bool IsSimulated, int Devices, int Recordings)
{
    public static CorpusDigest Create(ExperimentResult result)
    {
        var trial = result.Reference.Trials[0];
        return new(trial.CorpusName, trial.CorpusMark, trial.IsSimulated, trial.Devices.Count,
            result.Reference.Recordings.Select(answer => answer.Recording).Distinct().Count());
    }
}

/// <summary>A claim of the paper, our measurement, and the verdict.</summary>
/// <param name="First">The variant that the claim is about.</param>
/// <param name="Second">The variant that it is compared with.</param>
/// <param name="Statement">The claim in words.</param>
/// <param name="Direction">Which of the two is better, as the paper says.</param>
/// <param name="Points">The paper's difference (points), first minus second; null if it states none.</param>
/// <param name="Ours">Our difference, its p-value Holm-adjusted over the claims of the experiment.</param>
/// <param name="Verdict">The verdict.</param>
internal sealed record ClaimDigest(
    string First, string Second, string Statement, Direction Direction, double? Points, DifferenceDigest Ours, ClaimVerdict Verdict)
{
    public static ClaimDigest Create(ClaimResult result) => new(
        result.Claim.First, result.Claim.Second, result.Claim.Statement, result.Claim.Direction, result.Claim.Points,
        DifferenceDigest.Create(result.Ours, result.AdjustedP), result.Verdict);
}

/// <summary>A difference of two accuracies on the same items, in points.</summary>
/// <param name="Value">First minus second.</param>
/// <param name="Low">Lower end of its 95 % interval.</param>
/// <param name="High">Upper end of the interval.</param>
/// <param name="P">p-value of McNemar's test.</param>
internal sealed record DifferenceDigest(double Value, double Low, double High, double P)
{
    public static DifferenceDigest Create(Evaluation.Comparison comparison, double p) =>
        new(100 * comparison.Difference, 100 * comparison.Interval.Low, 100 * comparison.Interval.High, p);

    /// <summary>Whether the interval excludes zero.</summary>
    public bool ExcludesZero => Low > 0 || High < 0;
}
