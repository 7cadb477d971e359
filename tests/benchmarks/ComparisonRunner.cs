namespace DeviceId.Benchmarks;

/// <summary>Runs a comparison: warm-up of both, choice of the peer's thread count, then alternating rounds.</summary>
internal static class ComparisonRunner
{
    private const int ThreadTrials = 3;

    /// <param name="comparison">The comparison.</param>
    /// <param name="peer">The process with the peer libraries.</param>
    /// <param name="rounds">Measurements of each library.</param>
    public static ComparisonResult Run(Comparison comparison, Peer peer, int rounds)
    {
        Timing.Seconds(comparison.Ours);
        // All thread counts in turn, so that a temporary load of the machine affects all of them.
        var trials = Enumerable.Range(0, ThreadTrials)
            .SelectMany(_ => comparison.PeerThreads)
            .Select(threads => (Threads: threads, Seconds: RunPeer(comparison, peer, threads))).ToList();
        var bestThreads = trials.GroupBy(t => t.Threads, t => t.Seconds).MinBy(Timing.Median)!.Key;
        var ours = new double[rounds];
        var peers = new double[rounds];
        for (var round = 0; round < rounds; round++)
        {
            ours[round] = Timing.Seconds(comparison.Ours);
            peers[round] = RunPeer(comparison, peer, bestThreads);
        }

        return new ComparisonResult(comparison, bestThreads, ours, peers);
    }

    private static double RunPeer(Comparison comparison, Peer peer, int threads)
    {
        comparison.PeerRequest["threads"] = threads;
        return peer.Run(comparison.PeerRequest).Seconds;
    }
}
