namespace DeviceId.Identification;

/// <summary>Finds changes of device along a recording.</summary>
/// <remarks>
/// Decodes the most probable sequence of devices (A. J. Viterbi, IEEE Trans. Information Theory 13, 1967). Each change of device costs a
/// factor of e^8 in probability, and a segment contributes e^9 at most. A splice in the middle of a recording needs two changes: one
/// misclassified segment cannot cause it, however confident the network is, but two in a row can. At either end one change suffices, so
/// one confident segment can cause a splice there.
/// </remarks>
internal static class Splices
{
    private const double CostOfChange = 8;
    private const double MaxEvidence = 9;

    /// <summary>Decodes the device of each segment.</summary>
    /// <param name="logProbabilities">Natural logarithms of probabilities (segment, device).</param>
    /// <returns>Device index (segment).</returns>
    public static int[] DecodePath(IReadOnlyList<double[]> logProbabilities)
    {
        if (logProbabilities.Count == 0)
            return [];
        var devices = logProbabilities[0].Length;
        var previous = new int[logProbabilities.Count][];
        var best = Array.ConvertAll(logProbabilities[0], Limit);
        for (var segment = 1; segment < logProbabilities.Count; segment++)
        {
            var leader = Array.IndexOf(best, best.Max());
            var next = new double[devices];
            previous[segment] = new int[devices];
            for (var device = 0; device < devices; device++)
            {
                var changes = best[leader] - CostOfChange > best[device];
                previous[segment][device] = changes ? leader : device;
                next[device] = Limit(logProbabilities[segment][device]) + (changes ? best[leader] - CostOfChange : best[device]);
            }

            best = next;
        }

        var path = new int[logProbabilities.Count];
        path[^1] = Array.IndexOf(best, best.Max());
        for (var segment = path.Length - 1; segment > 0; segment--)
            path[segment - 1] = previous[segment][path[segment]];
        return path;

        static double Limit(double logProbability) => Math.Max(logProbability, -MaxEvidence);
    }
}
