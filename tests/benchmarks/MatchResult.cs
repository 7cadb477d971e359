namespace DeviceId.Benchmarks;

/// <summary>Times of both sides, round by round.</summary>
/// <param name="Contest">What was done.</param>
/// <param name="PeerThreads">The opponent's threads.</param>
/// <param name="Ours">Seconds of each round.</param>
/// <param name="Theirs">Seconds of each round.</param>
internal sealed record MatchResult(Contest Contest, int PeerThreads, IReadOnlyList<double> Ours, IReadOnlyList<double> Theirs)
{
    /// <summary>A row of the table: the ratio is the opponent's time over ours, round by round; above 1 we are faster.</summary>
    public string Row()
    {
        var ratios = Ours.Zip(Theirs, (ours, theirs) => theirs / ours).ToArray();
        return FormattableString.Invariant(
            $"| {Contest.Work} | {Contest.Opponent}, {PeerThreads} threads | {Timing.Median(Ours):0.000} | {Timing.Median(Theirs):0.000} | {Timing.Range(ratios, "0.00")} | {Contest.Target} |");
    }
}
