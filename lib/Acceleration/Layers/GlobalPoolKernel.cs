using System.Runtime.CompilerServices;
using DeviceId.Acceleration.MatrixMultiply;
using DeviceId.Acceleration.Simd;

namespace DeviceId.Acceleration.Layers;

/// <summary><see cref="GlobalPoolConvolution"/> of one sample after the other, with registers of one width.</summary>
/// <typeparam name="T">The registers.</typeparam>
internal readonly ref struct GlobalPoolKernel<T>
    where T : struct, ILanes<T>
{
    private readonly GlobalPoolShape _shape;
    private readonly Span<float> _map;
    private readonly Span<float> _made;
    private readonly Span<float> _slopes;
    private readonly Span<float> _byMap;

    /// <param name="shape">The work.</param>
    /// <param name="room">As many zeros as <see cref="Room"/> says.</param>
    public GlobalPoolKernel(GlobalPoolShape shape, Span<float> room)
    {
        var (map, slopes, made) = (shape.Padded(shape.Inputs), shape.Padded(shape.Outputs), shape.TileRows * shape.Outputs);
        _shape = shape;
        _map = room[..map];
        _slopes = room.Slice(map, slopes);
        _made = room.Slice(map + slopes, made);
        _byMap = room[(map + slopes + made)..];
    }

    /// <summary>What the work takes.</summary>
    public static int Room(GlobalPoolShape shape) => shape.Padded(shape.Inputs) + shape.Padded(shape.Outputs) + (shape.TileRows * (shape.Outputs + shape.Inputs));

    /// <summary>The means.</summary>
    /// <param name="map">(row, input).</param>
    /// <param name="band">(row of the window x input, output) in panels.</param>
    /// <param name="bias">(output).</param>
    /// <param name="means">(output): filled.</param>
    public void Forward(Span<float> map, Span<float> band, Span<float> bias, Span<float> means)
    {
        Convolve(map, band);
        Mean(ref _made[0], ref bias[0], ref means[0], _shape.Rows, _shape.Outputs);
    }

    /// <summary>The slopes.</summary>
    /// <param name="map">(row, input).</param>
    /// <param name="band">(row of the window x input, output) in panels.</param>
    /// <param name="bias">(output).</param>
    /// <param name="slope">By the means.</param>
    /// <param name="back">(row of the window, last first, x output, input) in panels.</param>
    /// <param name="byMap">(row, input): filled.</param>
    /// <param name="byBand">(row of the window x input filled up to tiles, output): added to.</param>
    /// <param name="byBias">(output): added to.</param>
    public void Backward(Span<float> map, Span<float> band, Span<float> bias, Span<float> slope, Span<float> back, Span<float> byMap, Span<float> byBand, Span<float> byBias)
    {
        Convolve(map, band);
        var slopes = _slopes[(_shape.Margin * _shape.Outputs)..];
        Slopes(ref _made[0], ref bias[0], ref slope[0], ref slopes[0], ref byBias[0], _shape.Rows, _shape.Outputs);
        Tiles.MultiplyRows<T>(_map, 1, _shape.Inputs, slopes, _shape.Outputs, _shape.Rows, byBand, _shape.Outputs, _shape.Height * _shape.Inputs, _shape.Outputs, fresh: false);
        Tiles.Multiply<T>(_slopes, _shape.Outputs, 1, back, _shape.Height * _shape.Outputs, _byMap, _shape.Inputs, _shape.Rows, _shape.Inputs, fresh: true);
        _byMap[..byMap.Length].CopyTo(byMap);
    }

    /// <summary>The convolution without its biases: windows are rows that overlap.</summary>
    private void Convolve(Span<float> map, Span<float> band)
    {
        map.CopyTo(_map[(_shape.Margin * _shape.Inputs)..]);
        Tiles.Multiply<T>(_map, _shape.Inputs, 1, band, _shape.Height * _shape.Inputs, _made, _shape.Outputs, _shape.Rows, _shape.Outputs, fresh: true);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Mean(ref float made, ref float bias, ref float means, int rows, int outputs)
    {
        var (zero, share) = (T.Spread(0), T.Spread(1f / rows));
        for (nint output = 0; output < outputs; output += T.Count)
        {
            var (sum, offset) = (zero, T.Load(ref Unsafe.Add(ref bias, output)));
            // What is no number must stay none: it is the second that Max then takes.
            for (nint row = 0; row < rows; row++)
                sum += T.Max(zero, T.Load(ref Unsafe.Add(ref made, (row * outputs) + output)) + offset);
            T.Store(sum * share, ref Unsafe.Add(ref means, output));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Slopes(ref float made, ref float bias, ref float slope, ref float slopes, ref float byBias, int rows, int outputs)
    {
        var share = T.Spread(1f / rows);
        for (nint output = 0; output < outputs; output += T.Count)
        {
            var (given, offset, sum) = (T.Load(ref Unsafe.Add(ref slope, output)) * share, T.Load(ref Unsafe.Add(ref bias, output)), T.Load(ref Unsafe.Add(ref byBias, output)));
            for (nint row = 0; row < rows; row++)
            {
                var here = T.WherePositive(given, T.Load(ref Unsafe.Add(ref made, (row * outputs) + output)) + offset);
                T.Store(here, ref Unsafe.Add(ref slopes, (row * outputs) + output));
                sum += here;
            }

            T.Store(sum, ref Unsafe.Add(ref byBias, output));
        }
    }
}
