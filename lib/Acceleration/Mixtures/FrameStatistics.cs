using DeviceId.Acceleration.MatrixMultiply;
using DeviceId.Acceleration.Simd;

namespace DeviceId.Acceleration.Mixtures;

/// <summary>Sums of an E-step for each component: posteriors, posteriors x z, posteriors x z²; and a block's workspace.</summary>
internal sealed class FrameStatistics
{
    // Far above the factor of one frame (at most the number of components), far below the largest double.
    private const double LargeProduct = 1e200;
    private readonly int _components;
    private double _logLikelihood;
    private double _product = 1;

    /// <param name="components">Components of the mixture.</param>
    /// <param name="dimension">Coefficients of a frame.</param>
    /// <param name="panelWidth">Components in a panel.</param>
    /// <param name="moments">1: sums of posteriors and of z; 2: of z² too.</param>
    public FrameStatistics(int components, int dimension, int panelWidth, int moments)
    {
        (_components, PanelWidth) = (components, panelWidth);
        var panels = (_components + panelWidth - 1) / panelWidth;
        Rows = PanelGemm.PadRows(1 + (moments * dimension));
        Stride = PanelGemm.PadRows(1 + (2 * dimension));
        Features = new AlignedBuffer(FrameKernel.BlockFrames * Stride);
        Posteriors = new AlignedBuffer(panels * FrameKernel.BlockFrames * panelWidth);
        Sums = new AlignedBuffer(panels * Rows * panelWidth);
    }

    /// <summary>Sum of the frames' natural log-likelihoods.</summary>
    public double LogLikelihood => _logLikelihood + Math.Log(_product);

    /// <summary>(frame of the block, [1, z, z², 0 …]).</summary>
    public AlignedBuffer Features { get; }

    /// <summary>Row stride of <see cref="Features"/>.</summary>
    public int Stride { get; }

    /// <summary>(panel, frame of the block, component of the panel).</summary>
    public AlignedBuffer Posteriors { get; }

    /// <summary>(panel, [count, z, z², padding], component of the panel).</summary>
    public AlignedBuffer Sums { get; }

    /// <summary>Rows of a panel of <see cref="Sums"/>.</summary>
    public int Rows { get; }

    /// <summary>Components of a panel.</summary>
    public int PanelWidth { get; }

    public void Clear()
    {
        Sums.Span.Clear();
        (_logLikelihood, _product) = (0, 1);
    }

    /// <summary>Adds max + ln sum.</summary>
    /// <remarks>Sums are multiplied, and one logarithm is taken of many; when depends on the values only, not on the blocks.</remarks>
    /// <param name="max">The maximum score of all components.</param>
    /// <param name="sum">The components' likelihoods relative to the maximum, summed: from 1 to the number of components.</param>
    public void AddLikelihood(float max, float sum)
    {
        _logLikelihood += max;
        _product *= sum;
        if (_product > LargeProduct)
            (_logLikelihood, _product) = (_logLikelihood + Math.Log(_product), 1);
    }

    /// <summary>One row for all components: 0 is the posteriors' sum, 1 + d that of z[d], 1 + D + d that of z[d]².</summary>
    /// <param name="row">Index of the row, from 0.</param>
    /// <param name="into">(component): the row is added to it.</param>
    public void AddRow(int row, Span<double> into)
    {
        for (var component = 0; component < _components; component += PanelWidth)
        {
            var panel = Sums.Span.Slice(First(component) + (row * PanelWidth), Math.Min(PanelWidth, _components - component));
            for (var i = 0; i < panel.Length; i++)
                into[component + i] += panel[i];
        }
    }

    /// <summary>Offset of one component in <see cref="Sums"/>: row r is element First + r x PanelWidth.</summary>
    public int First(int component) => (component / PanelWidth * Rows * PanelWidth) + (component % PanelWidth);
}
