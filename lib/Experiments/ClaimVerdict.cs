namespace DeviceId.Experiments;

/// <summary>What a measurement says about a claim.</summary>
/// <param name="Kind">The kind of verdict.</param>
/// <param name="Words">The verdict in words.</param>
/// <param name="Reason">What it rests on.</param>
internal sealed record ClaimVerdict(VerdictKind Kind, string Words, string Reason);

/// <summary>The kinds of verdicts; the rule is <see cref="Verdict"/>'s.</summary>
internal enum VerdictKind
{
    /// <summary>Confirmed.</summary>
    Confirmed,

    /// <summary>Confirmed in direction, not in size.</summary>
    ConfirmedInDirection,

    /// <summary>Contradicted.</summary>
    Contradicted,

    /// <summary>The test recordings are too few to tell.</summary>
    CannotTell,
}
