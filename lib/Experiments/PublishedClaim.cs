using DeviceId.Evaluation;

namespace DeviceId.Experiments;

/// <summary>A claim of the paper about two variants of one experiment.</summary>
/// <param name="First">Name of the variant that the claim is about.</param>
/// <param name="Second">Name of the variant that it is compared with.</param>
/// <param name="Direction">Which of the two is better.</param>
/// <param name="Points">Difference in percentage points, first minus second; null where the paper does not state it.</param>
/// <param name="Statement">The claim in our words.</param>
internal sealed record PublishedClaim(string First, string Second, Direction Direction, double? Points, string Statement);

/// <summary>Direction of a claim: how the first of two variants compares with the second.</summary>
internal enum Direction
{
    /// <summary>The first is better.</summary>
    Higher,

    /// <summary>The first is worse.</summary>
    Lower,

    /// <summary>Both are equally good.</summary>
    Equal,
}

/// <summary>A claim of the paper with our measurement and the verdict.</summary>
/// <param name="Claim">The claim.</param>
/// <param name="Ours">Our measurement, first variant against second.</param>
/// <param name="AdjustedP">McNemar's p-value, Holm-adjusted over all claims of the experiment.</param>
/// <param name="Verdict">The verdict, by the rule of <see cref="Experiments.Verdict"/>.</param>
internal sealed record ClaimResult(PublishedClaim Claim, Comparison Ours, double AdjustedP, ClaimVerdict Verdict)
{
    /// <summary>Tests every claim about variants that were run.</summary>
    public static IReadOnlyList<ClaimResult> All(ExperimentResult result)
    {
        bool WasRun(string name) => result.Variants.Any(v => v.Variant.Name == name);
        var claims = PublishedResults.Claims(result.Experiment.Id).Where(c => WasRun(c.First) && WasRun(c.Second)).ToList();
        var comparisons = claims.Select(c => result[c.First].Against(result[c.Second])).ToList();
        var adjusted = Holm.Adjust([.. comparisons.Select(c => c.Test.PValue)]);
        return [.. claims.Select((claim, i) =>
            new ClaimResult(claim, comparisons[i], adjusted[i], Experiments.Verdict.Decide(claim, comparisons[i], adjusted[i])))];
    }
}
