using DeviceId.Acceleration.MatrixMultiply;
using DeviceId.Acceleration.Simd;

namespace DeviceId.Acceleration.Mixtures;

/// <summary>
/// Sufficient statistics of an E-step per component (sums of posteriors, posteriors x z, posteriors x z²), and the workspace of a block of
/// frames.
/// </summary>
internal sealed class FrameStatistics
{
    // Far above the factor of one frame (at most the number of components), far below the largest double.
    private const double MaxProduct = 1e200;
    private readonly int _components;
    private double _logLikelihood;
    private double _product = 1;

    /// <param name="components">Components in the mixture.</param>
    /// <param name="dimension">Coefficients in a frame.</param>
    /// <param name="panelWidth">Components in a panel.</param>
    /// <param name="moments">1: sums of posteriors and of z; 2: also of z².</param>
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

    /// <summary>Sum of the natural log-likelihoods of all frames.</summary>
    public double LogLikelihood => _logLikelihood + Math.Log(_product);

    /// <summary>(frame in the block, [1, z, z², zero padding]).</summary>
    public AlignedBuffer Features { get; }

    /// <summary>Row stride of <see cref="Features"/>.</summary>
    public int Stride { get; }

    /// <summary>(panel, frame in the block, component in the panel).</summary>
    public AlignedBuffer Posteriors { get; }

    /// <summary>(panel, [count, z, z², padding], component in the panel).</summary>
    public AlignedBuffer Sums { get; }

    /// <summary>Rows in a panel of <see cref="Sums"/>.</summary>
    public int Rows { get; }

    /// <summary>Components in a panel.</summary>
    public int PanelWidth { get; }

    /// <summary>Sets all statistics to zero.</summary>
    public void Clear()
    {
        Sums.Span.Clear();
        (_logLikelihood, _product) = (0, 1);
    }

    /// <summary>Adds the log-likelihood of one frame: max + ln sum.</summary>
    /// <remarks>
    /// The sums of many frames are multiplied before one logarithm is taken. When it is taken depends only on the values, not on how the
    /// frames are split.
    /// </remarks>
    /// <param name="max">The maximum score of all components.</param>
    /// <param name="sum">Sum of exp(score - max) over the components, from 1 to the number of components.</param>
    public void AddLikelihood(float max, float sum)
    {
        _logLikelihood += max;
        _product *= sum;
        if (_product > MaxProduct)
            (_logLikelihood, _product) = (_logLikelihood + Math.Log(_product), 1);
    }

    /// <summary>
    /// Adds one row of the statistics for all components: row 0 is the sum of the posteriors, row 1 + d that of z[d], row 1 + D + d that of
    /// z[d]².
    /// </summary>
    /// <param name="row">Index of the row, from 0.</param>
    /// <param name="into">(component): accumulated into.</param>
    public void AddRow(int row, Span<double> into)
    {
        for (var component = 0; component < _components; component += PanelWidth)
        {
            var panel = Sums.Span.Slice(Offset(component) + (row * PanelWidth), Math.Min(PanelWidth, _components - component));
            for (var i = 0; i < panel.Length; i++)
                into[component + i] += panel[i];
        }
    }

    /// <summary>Offset of a component in <see cref="Sums"/>: its row r is at this offset + r x PanelWidth.</summary>
    public int Offset(int component) => (component / PanelWidth * Rows * PanelWidth) + (component % PanelWidth);
}
