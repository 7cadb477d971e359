using System.Numerics;

namespace DeviceId.Features;

/// <summary>A node of a wavelet packet tree: the band from Position to Position + 1 times fs / 2^(Depth + 1).</summary>
/// <param name="Depth">Number of halvings.</param>
/// <param name="Position">Index of the band among all bands of this width, by frequency.</param>
internal readonly record struct WaveletBand(int Depth, int Position)
{
    /// <summary>Whether the high-pass filter gives the upper half: decimation mirrors the spectrum of odd bands.</summary>
    public bool IsMirrored => Position % 2 == 1;

    /// <summary>The lower half of the band.</summary>
    public WaveletBand Lower => new(Depth + 1, 2 * Position);

    /// <summary>The upper half of the band.</summary>
    public WaveletBand Upper => new(Depth + 1, 2 * Position + 1);

    /// <summary>Frequency (Hz) at a place in the band: 0 for the lower edge, 1 for the upper.</summary>
    public double Hertz(double place, int sampleRate) => (Position + place) * sampleRate / (2 << Depth);

    /// <summary>Divides the whole band.</summary>
    /// <param name="tree">How.</param>
    /// <param name="bands">Number of bands.</param>
    /// <param name="maxDepth">Largest number of halvings.</param>
    /// <param name="sampleRate">Sampling rate (Hz).</param>
    /// <returns>The bands, ascending.</returns>
    /// <exception cref="ArgumentException">There cannot be as many bands.</exception>
    public static IReadOnlyList<WaveletBand> Divide(WaveletTree tree, int bands, int maxDepth, int sampleRate)
    {
        var leaves = new List<WaveletBand> { new(0, 0) };
        double Width(WaveletBand band) => band.Depth >= maxDepth ? 0
            : tree == WaveletTree.Mel ? FilterBank.Mel(band.Hertz(1, sampleRate)) - FilterBank.Mel(band.Hertz(0, sampleRate))
            : band.Position == 0 ? 1 : 0;
        while (leaves.Count < bands)
        {
            var widest = leaves.MaxBy(Width);
            if (Width(widest) == 0)
                throw new ArgumentException($"{bands} bands are too many for frames that can be halved {maxDepth} times at "
                    + $"{sampleRate} Hz: use fewer bands or longer frames.");
            var index = leaves.IndexOf(widest);
            leaves[index] = widest.Lower;
            leaves.Insert(index + 1, widest.Upper);
        }

        return leaves;
    }

    /// <summary>Magnitude responses of the bands, 1 in the middle of a band of ideal filters.</summary>
    public static FilterResponses Responses(WaveletOptions options, int sampleRate)
    {
        var length = options.Grid(sampleRate).Length;
        var bands = Divide(options.Tree, options.Bands, WaveletEnergies.MaxDepth(length), sampleRate);
        var lowPass = Daubechies.LowPass(options.VanishingMoments);
        double[][] filters = [lowPass, Daubechies.HighPass(lowPass)];
        var weights = new double[bands.Count, length / 2 + 1];
        for (var i = 0; i < bands.Count; i++)
            for (var bin = 0; bin <= length / 2; bin++)
                weights[i, bin] = bands[i].Response(filters, 2 * Math.PI * bin / length);
        return FilterResponses.Create(bands.Select(band => band.Hertz(0.5, sampleRate)), weights, length, sampleRate);
    }

    /// <summary>Product of the responses of the filters on the way to this band, at a frequency in radians per sample.</summary>
    private double Response(double[][] filters, double radians)
    {
        var product = 1.0;
        for (var depth = 0; depth < Depth; depth++)
        {
            var (parent, child) = (Position >> (Depth - depth), Position >> (Depth - depth - 1));
            var filter = filters[(child & 1) ^ (parent & 1)];
            var sum = Complex.Zero;
            for (var k = 0; k < filter.Length; k++)
                sum += Complex.FromPolarCoordinates(filter[k], -radians * (1 << depth) * k);
            product *= sum.Magnitude / Math.Sqrt(2);
        }

        return product;
    }
}
