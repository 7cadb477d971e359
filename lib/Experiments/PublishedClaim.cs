using DeviceId.Evaluation;

namespace DeviceId.Experiments;

/// <summary>A statement of the paper about two variants of one experiment.</summary>
/// <param name="First">Name of the variant that the statement is about.</param>
/// <param name="Second">Name of the variant that it is compared with.</param>
/// <param name="Direction">Which is better.</param>
/// <param name="Points">By how many percentage points, first minus second; null where the paper does not say.</param>
/// <param name="Statement">The statement in our words.</param>
internal sealed record PublishedClaim(string First, string Second, Direction Direction, double? Points, string Statement);

/// <summary>What the paper says of the first of two variants against the second.</summary>
internal enum Direction
{
    /// <summary>The first is better.</summary>
    Higher,

    /// <summary>The first is worse.</summary>
    Lower,

    /// <summary>They are equally good.</summary>
    Equal,
}

/// <summary>A claim of the paper with our measurement and the verdict.</summary>
/// <param name="Claim">What the paper says.</param>
/// <param name="Ours">What was measured, first variant against second.</param>
/// <param name="AdjustedP">McNemar's probability, Holm-corrected over all claims of the experiment.</param>
/// <param name="Verdict">In words: see <see cref="Experiments.Verdict"/>.</param>
internal sealed record ClaimResult(PublishedClaim Claim, Comparison Ours, double AdjustedP, string Verdict)
{
    /// <summary>Judges every claim about variants that were run.</summary>
    public static IReadOnlyList<ClaimResult> All(ExperimentResult result)
    {
        bool Has(string name) => result.Variants.Any(v => v.Variant.Name == name);
        var claims = PublishedResults.Claims(result.Experiment.Id).Where(c => Has(c.First) && Has(c.Second)).ToList();
        var comparisons = claims.Select(c => result[c.First].Against(result[c.Second])).ToList();
        var adjusted = Holm.Adjust([.. comparisons.Select(c => c.Test.PValue)]);
        return [.. claims.Select((claim, i) =>
            new ClaimResult(claim, comparisons[i], adjusted[i], Experiments.Verdict.On(claim, comparisons[i], adjusted[i])))];
    }
}
