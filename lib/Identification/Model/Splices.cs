namespace DeviceId.Identification;

/// <summary>Finds where one device takes over from another along a recording.</summary>
/// <remarks>
/// The likeliest sequence of devices (A. J. Viterbi, IEEE Trans. Information Theory 13, 1967), where each change of device costs as much as
/// a factor of e^8 in probability, and a segment counts e^9 at most: a piece in the middle, which takes two changes, is not made by one
/// segment that the network mistakes, however sure it is; two in a row make one. At either end, where one change suffices, one sure segment
/// does.
/// </remarks>
internal static class Splices
{
    private const double CostOfChange = 8;
    private const double MaxEvidence = 9;

    /// <summary>Divides a recording.</summary>
    /// <param name="logProbabilities">(segment, device), natural logarithms.</param>
    /// <returns>For each segment its device.</returns>
    public static int[] Path(IReadOnlyList<double[]> logProbabilities)
    {
        if (logProbabilities.Count == 0)
            return [];
        var devices = logProbabilities[0].Length;
        var from = new int[logProbabilities.Count][];
        var best = Array.ConvertAll(logProbabilities[0], Counted);
        for (var segment = 1; segment < logProbabilities.Count; segment++)
        {
            var leader = Array.IndexOf(best, best.Max());
            var next = new double[devices];
            from[segment] = new int[devices];
            for (var device = 0; device < devices; device++)
            {
                var changes = best[leader] - CostOfChange > best[device];
                from[segment][device] = changes ? leader : device;
                next[device] = Counted(logProbabilities[segment][device]) + (changes ? best[leader] - CostOfChange : best[device]);
            }

            best = next;
        }

        var path = new int[logProbabilities.Count];
        path[^1] = Array.IndexOf(best, best.Max());
        for (var segment = path.Length - 1; segment > 0; segment--)
            path[segment - 1] = from[segment][path[segment]];
        return path;

        static double Counted(double logProbability) => Math.Max(logProbability, -MaxEvidence);
    }
}
