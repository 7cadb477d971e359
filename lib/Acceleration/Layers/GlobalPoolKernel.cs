using System.Runtime.CompilerServices;
using DeviceId.Acceleration.MatrixMultiply;
using DeviceId.Acceleration.Simd;

namespace DeviceId.Acceleration.Layers;

/// <summary><see cref="GlobalPoolConvolution"/> for one sample, with SIMD vectors of one width.</summary>
/// <typeparam name="T">The SIMD vector type.</typeparam>
internal readonly ref struct GlobalPoolKernel<T>
    where T : struct, ISimdVector<T>
{
    private readonly GlobalPoolShape _shape;
    private readonly Span<float> _map;
    private readonly Span<float> _convolved;
    private readonly Span<float> _gradConvolved;
    private readonly Span<float> _gradMap;

    /// <param name="shape">The sizes.</param>
    /// <param name="workspace"><see cref="WorkspaceLength"/> values, all zero.</param>
    public GlobalPoolKernel(GlobalPoolShape shape, Span<float> workspace)
    {
        var (map, gradConvolved, convolved) = (shape.Padded(shape.Inputs), shape.Padded(shape.Outputs), shape.PaddedRows * shape.Outputs);
        _shape = shape;
        _map = workspace[..map];
        _gradConvolved = workspace.Slice(map, gradConvolved);
        _convolved = workspace.Slice(map + gradConvolved, convolved);
        _gradMap = workspace[(map + gradConvolved + convolved)..];
    }

    /// <summary>Length of the workspace.</summary>
    public static int WorkspaceLength(GlobalPoolShape shape) =>
        shape.Padded(shape.Inputs) + shape.Padded(shape.Outputs) + (shape.PaddedRows * (shape.Outputs + shape.Inputs));

    /// <summary>Mean over rows of ReLU of the convolution.</summary>
    /// <param name="map">(row, input).</param>
    /// <param name="band">(window row x input, output), packed in panels.</param>
    /// <param name="bias">(output).</param>
    /// <param name="means">(output): filled.</param>
    public void Forward(Span<float> map, Span<float> band, Span<float> bias, Span<float> means)
    {
        Convolve(map, band);
        Mean(ref _convolved[0], ref bias[0], ref means[0], _shape.Rows, _shape.Outputs);
    }

    /// <summary>Gradients of the loss with respect to map, band and bias.</summary>
    /// <param name="map">(row, input).</param>
    /// <param name="band">(window row x input, output), packed in panels.</param>
    /// <param name="bias">(output).</param>
    /// <param name="gradMeans">Gradient with respect to the means (output).</param>
    /// <param name="flipped">The flipped and transposed band (window row x output, input), packed in panels.</param>
    /// <param name="gradMap">(row, input): filled.</param>
    /// <param name="gradBand">(window row x input, padded to whole micro-kernels; output): accumulated into.</param>
    /// <param name="gradBias">(output): accumulated into.</param>
    public void Backward(
        Span<float> map, Span<float> band, Span<float> bias, Span<float> gradMeans, Span<float> flipped, Span<float> gradMap,
        Span<float> gradBand, Span<float> gradBias)
    {
        Convolve(map, band);
        var gradConvolved = _gradConvolved[(_shape.Margin * _shape.Outputs)..];
        MeanBackward(ref _convolved[0], ref bias[0], ref gradMeans[0], ref gradConvolved[0], ref gradBias[0], _shape.Rows, _shape.Outputs);
        PanelGemm.MultiplyRows<T>(
            _map, 1, _shape.Inputs, gradConvolved, _shape.Outputs, _shape.Rows, gradBand, _shape.Outputs, _shape.Height * _shape.Inputs,
            _shape.Outputs, overwrite: false);
        PanelGemm.Multiply<T>(
            _gradConvolved, _shape.Outputs, 1, flipped, _shape.Height * _shape.Outputs, _gradMap, _shape.Inputs, _shape.Rows, _shape.Inputs,
            overwrite: true);
        _gradMap[..gradMap.Length].CopyTo(gradMap);
    }

    /// <summary>The convolution without bias. The rows of the left operand are overlapping windows of the map.</summary>
    private void Convolve(Span<float> map, Span<float> band)
    {
        map.CopyTo(_map[(_shape.Margin * _shape.Inputs)..]);
        PanelGemm.Multiply<T>(
            _map, _shape.Inputs, 1, band, _shape.Height * _shape.Inputs, _convolved, _shape.Outputs, _shape.Rows, _shape.Outputs,
            overwrite: true);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Mean(ref float convolved, ref float bias, ref float means, int rows, int outputs)
    {
        var (zero, scale) = (T.Broadcast(0), T.Broadcast(1f / rows));
        for (nint output = 0; output < outputs; output += T.Count)
        {
            var (sum, offset) = (zero, T.Load(ref Unsafe.Add(ref bias, output)));
            // The value is the second operand of Max, which is returned for NaN: NaN stays NaN.
            for (nint row = 0; row < rows; row++)
                sum += T.Max(zero, T.Load(ref Unsafe.Add(ref convolved, (row * outputs) + output)) + offset);
            T.Store(sum * scale, ref Unsafe.Add(ref means, output));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void MeanBackward(
        ref float convolved, ref float bias, ref float gradMeans, ref float gradConvolved, ref float gradBias, int rows, int outputs)
    {
        var scale = T.Broadcast(1f / rows);
        for (nint output = 0; output < outputs; output += T.Count)
        {
            var gradient = T.Load(ref Unsafe.Add(ref gradMeans, output)) * scale;
            var (offset, sum) = (T.Load(ref Unsafe.Add(ref bias, output)), T.Load(ref Unsafe.Add(ref gradBias, output)));
            for (nint row = 0; row < rows; row++)
            {
                var masked = T.WherePositive(gradient, T.Load(ref Unsafe.Add(ref convolved, (row * outputs) + output)) + offset);
                T.Store(masked, ref Unsafe.Add(ref gradConvolved, (row * outputs) + output));
                sum += masked;
            }

            T.Store(sum, ref Unsafe.Add(ref gradBias, output));
        }
    }
}
