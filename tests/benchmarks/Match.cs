namespace DeviceId.Benchmarks;

/// <summary>Plays a contest: both sides warm up, the opponent chooses its threads, then they take turns.</summary>
internal static class Match
{
    private const int Trials = 3;

    /// <param name="contest">What is done.</param>
    /// <param name="peer">The opponents' process.</param>
    /// <param name="rounds">Turns of each side.</param>
    public static MatchResult Play(Contest contest, Peer peer, int rounds)
    {
        Timing.Seconds(contest.Ours);
        // Every number of threads in turn, so that a restless minute decides for none of them.
        var trials = Enumerable.Range(0, Trials)
            .SelectMany(_ => contest.PeerThreads.Select(threads => (Threads: threads, Seconds: Theirs(contest, peer, threads)))).ToList();
        var best = trials.GroupBy(t => t.Threads, t => t.Seconds).MinBy(Timing.Median)!.Key;
        var ours = new double[rounds];
        var theirs = new double[rounds];
        for (var round = 0; round < rounds; round++)
        {
            ours[round] = Timing.Seconds(contest.Ours);
            theirs[round] = Theirs(contest, peer, best);
        }

        return new MatchResult(contest, best, ours, theirs);
    }

    private static double Theirs(Contest contest, Peer peer, int threads)
    {
        contest.Theirs["threads"] = threads;
        return peer.Run(contest.Theirs).Seconds;
    }
}
