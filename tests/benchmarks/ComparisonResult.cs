using System.Globalization;

namespace DeviceId.Benchmarks;

/// <summary>Measured times of both libraries in each round.</summary>
/// <param name="Comparison">The comparison.</param>
/// <param name="PeerThreads">Thread count of the peer.</param>
/// <param name="Ours">Times of this library, in seconds.</param>
/// <param name="Peers">Times of the peer, in seconds.</param>
internal sealed record ComparisonResult(Comparison Comparison, int PeerThreads, IReadOnlyList<double> Ours, IReadOnlyList<double> Peers)
{
    /// <summary>A row of the table. The ratio is the peer's time over ours in each round; above 1 this library is faster.</summary>
    public string Row()
    {
        var ratios = Ours.Zip(Peers, (ours, peer) => peer / ours).ToArray();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {Comparison.Work} | {Comparison.PeerName}, {PeerThreads} threads | {Timing.Median(Ours):0.000} | "
                + $"{Timing.Median(Peers):0.000} | {Timing.Range(ratios, "0.00")} | {Comparison.Target} |");
    }
}
