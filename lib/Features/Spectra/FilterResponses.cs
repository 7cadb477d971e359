namespace DeviceId.Features;

/// <summary>The filters of a feature at one sampling rate, for charts.</summary>
/// <param name="CentreHertz">Centre frequency of each filter (Hz), ascending.</param>
/// <param name="BinHertz">Frequencies (Hz) at which the weights are given, from 0 to half the sampling rate.</param>
/// <param name="Weights">Weights (filter, bin), at least 0.</param>
public sealed record FilterResponses(
    IReadOnlyList<double> CentreHertz, IReadOnlyList<double> BinHertz, IReadOnlyList<IReadOnlyList<double>> Weights)
{
    /// <summary>Makes them from a matrix of weights.</summary>
    /// <param name="centres">Centre frequency of each filter (Hz).</param>
    /// <param name="weights">(filter, bin).</param>
    /// <param name="frameLength">Length of the FFT (samples).</param>
    /// <param name="sampleRate">Sampling rate (Hz).</param>
    internal static FilterResponses Create(IEnumerable<double> centres, double[,] weights, int frameLength, int sampleRate)
    {
        var bins = Enumerable.Range(0, weights.GetLength(1)).ToArray();
        return new FilterResponses(
            [.. centres],
            [.. bins.Select(bin => bin * (double)sampleRate / frameLength)],
            [.. Enumerable.Range(0, weights.GetLength(0)).Select(filter => bins.Select(bin => weights[filter, bin]).ToArray())]);
    }
}
