using System.Globalization;
using DeviceId.Evaluation;
using DeviceId.Experiments;

namespace DeviceId.Reporting;

/// <summary>The largest differences of a report, chosen by a fixed rule, in sentences computed from the results.</summary>
internal sealed class LargestFindings
{
    /// <summary>Number of findings.</summary>
    public const int MaxCount = 3;

    private const double Level = 0.05;

    private readonly int _compared;
    private readonly int _significant;

    /// <param name="experiments">The experiments of the report.</param>
    public LargestFindings(IReadOnlyList<ExperimentDigest> experiments)
    {
        var all = experiments.Where(experiment => !experiment.IsExploratory)
            .SelectMany(experiment => experiment.Variants.Where(variant => variant.Difference is not null)
                .Select(variant => new Finding(experiment, variant, variant.Difference!)))
            .DistinctBy(finding => (finding.Variant.Identity, finding.Reference.Identity, finding.Variant.IsByRecording)).ToList();
        var adjusted = Holm.Adjust([.. all.Select(finding => finding.Difference.P)]);
        var significant = all.Select((finding, i) => finding with { Difference = finding.Difference with { P = adjusted[i] } })
            .Where(finding => finding.Difference.P < Level && finding.Difference.ExcludesZero).ToList();
        (_compared, _significant) = (all.Count, significant.Count);
        Sentences =
        [
            .. significant.GroupBy(finding => finding.Experiment.Id).Select(group => group.MaxBy(finding => finding.SmallestSize)!)
                .OrderByDescending(finding => finding.SmallestSize).Take(MaxCount).Select(Sentence),
        ];
    }

    /// <summary>The findings, the largest first; fewer than <see cref="MaxCount"/> if fewer experiments have one.</summary>
    public IReadOnlyList<string> Sentences { get; }

    /// <summary>The rule, with the number of comparisons that it was applied to.</summary>
    public string Rule => string.Create(CultureInfo.InvariantCulture,
        $"The rule: each variant is compared with the reference of its experiment on the same test items ({_compared} comparisons; "
        + $"explorations of many systems are left out). "
        + $"A difference is significant if its 95 % interval excludes zero and McNemar's exact p, Holm-corrected over all "
        + $"{_compared}, is below {Level} ({_significant} are). Its size is the end of the interval that is nearer to zero. Shown are "
        + $"the {MaxCount} largest, at most one of each experiment.");

    private static string Sentence(Finding finding)
    {
        var (experiment, variant, ours) = finding;
        var (items, own, other) = variant.IsByRecording ? ("recordings", variant.Recordings, finding.Reference.Recordings)
            : ("segments", variant.Segments, finding.Reference.Segments);
        return string.Create(CultureInfo.InvariantCulture,
            $"{experiment.Title}: {variant.Name} identifies {(ours.Value < 0 ? "fewer" : "more")} of the {items} correctly than "
            + $"{finding.Reference.Name}, {own:0.0} % against {other:0.0} % (95 % interval of the difference {ours.Low:+0.0;-0.0;0.0} to "
            + $"{ours.High:+0.0;-0.0;0.0} points, {new PValue(ours.P).Equation}). {Paper(finding)}");
    }

    private static string Paper(Finding finding)
    {
        var claims = finding.Experiment.Claims
            .Where(claim => claim.First == finding.Variant.Name && claim.Second == finding.Reference.Name).ToList();
        if (finding.Experiment.PaperTable is null)
            return "The paper did not vary this.";
        return claims.Count == 0 ? "The paper states nothing about these two."
            : string.Join(' ', claims.Select(claim => $"The paper says: {claim.Statement} ({Scoreboard.Word(claim.Verdict.Kind)})."));
    }

    private sealed record Finding(ExperimentDigest Experiment, VariantDigest Variant, DifferenceDigest Difference)
    {
        public VariantDigest Reference => Experiment.Variants[0];

        public double SmallestSize => Difference.Value < 0 ? -Difference.High : Difference.Low;
    }
}
