using DeviceId.Acceleration.Simd;
using DeviceId.Foundation;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeviceId.Acceleration.Layers;

/// <summary>LSTM layers on the CPU: our own, which go through all time steps without a word between threads; elsewhere libtorch's.</summary>
/// <remarks>
/// libtorch starts several parallel operations a step and waits for all threads after each, which takes longer than their arithmetic (measured: batches of 128,
/// 64 steps, 2 threads: three quarters of the time), and on a busy machine many times longer.
/// </remarks>
internal static class Lstm
{
    private const int ParametersOfDirection = 4;

    /// <summary>(sample, step, input) to (sample, step, direction x unit), in the graph of gradients where one is made.</summary>
    /// <param name="layer">One layer, batch first, with biases: weights and their names stay libtorch's.</param>
    /// <param name="input">The sequences.</param>
    public static Tensor Of(LSTM layer, Tensor input)
    {
        var parameters = layer.parameters().ToArray();
        if (!input.HoldsFloats() || input.numel() == 0 || !Fits(input, parameters))
        {
            // The scope also frees the states that LSTM.call makes and hands out without being asked.
            using var scope = NewDisposeScope();
            return layer.call(input).Item1.MoveToOuterDisposeScope();
        }

        return is_grad_enabled() ? LstmFunction.apply([input, .. parameters]) : Forward(input, parameters, out _, stepsKept: false);
    }

    /// <summary>The layer's output, and what the way back needs.</summary>
    /// <param name="input">(sample, step, input).</param>
    /// <param name="parameters">libtorch's, in its order.</param>
    /// <param name="trace">The work.</param>
    /// <param name="stepsKept">Whether there is a way back.</param>
    public static Tensor Forward(Tensor input, IReadOnlyList<Tensor> parameters, out LstmTrace trace, bool stepsKept) =>
        Lanes512.IsSupported ? Forward<Lanes512>(input, parameters, out trace, stepsKept)
        : Lanes256.IsSupported ? Forward<Lanes256>(input, parameters, out trace, stepsKept)
        : Forward<Lanes128>(input, parameters, out trace, stepsKept);

    /// <summary>Slopes by input (null where it is not wanted) and by each parameter.</summary>
    /// <param name="input">(sample, step, input).</param>
    /// <param name="parameters">libtorch's, in its order.</param>
    /// <param name="trace">From <see cref="Forward(Tensor, IReadOnlyList{Tensor}, out LstmTrace, bool)"/>.</param>
    /// <param name="slope">By the output.</param>
    /// <param name="withInput">Whether the slope by the input is wanted.</param>
    public static IReadOnlyList<Tensor?> Backward(Tensor input, IReadOnlyList<Tensor> parameters, LstmTrace trace, Tensor slope, bool withInput) =>
        Lanes512.IsSupported ? Backward<Lanes512>(input, parameters, trace, slope, withInput)
        : Lanes256.IsSupported ? Backward<Lanes256>(input, parameters, trace, slope, withInput)
        : Backward<Lanes128>(input, parameters, trace, slope, withInput);

    internal static Tensor Forward<T>(Tensor input, IReadOnlyList<Tensor> parameters, out LstmTrace trace, bool stepsKept)
        where T : struct, ILanes<T>
    {
        using var scope = NewDisposeScope();
        var shape = Shape<T>(input, parameters);
        var output = empty(shape.Samples, shape.Steps, shape.Directions * shape.Units);
        trace = LstmTrace.For(shape, stepsKept);
        LstmForward<T>.Run(shape, input.contiguous(), [.. parameters.Chunk(ParametersOfDirection).Select(p => LstmForward<T>.Pack(shape, p))], trace, output);
        foreach (var kept in stepsKept ? new[] { trace.Factors, trace.Gates, trace.Cells } : [])
            kept.MoveToOuterDisposeScope();
        return output.MoveToOuterDisposeScope();
    }

    internal static IReadOnlyList<Tensor?> Backward<T>(Tensor input, IReadOnlyList<Tensor> parameters, LstmTrace trace, Tensor slope, bool withInput)
        where T : struct, ILanes<T>
    {
        using var scope = NewDisposeScope();
        var shape = Shape<T>(input, parameters);
        var byInput = withInput ? empty(shape.Directions, shape.Samples, shape.Steps, shape.Inputs) : null;
        var byParameters = LstmBackward<T>.Run(shape, [.. parameters.Chunk(ParametersOfDirection)], trace, slope.contiguous(), byInput);
        List<Tensor?> slopes = [byInput is null ? null : Summed(byInput), .. byParameters.SelectMany(p => p)];
        foreach (var made in slopes)
            made?.MoveToOuterDisposeScope();
        return slopes;
    }

    /// <summary>The sum over directions, in the first one's place: libtorch's sum over an axis of two takes three times as long (measured).</summary>
    private static Tensor Summed(Tensor directions)
    {
        var sum = directions[0];
        for (var direction = 1; direction < directions.shape[0]; direction++)
            sum.add_(directions[direction]);
        return sum;
    }

    private static LstmShape Shape<T>(Tensor input, IReadOnlyList<Tensor> parameters)
        where T : struct, ILanes<T> =>
        LstmShape.For<T>((int)input.shape[0], (int)input.shape[1], (int)input.shape[2], (int)parameters[1].shape[1], parameters.Count / ParametersOfDirection);

    /// <summary>Whether weights are as wide as the input, and every block is small enough to be read as one span of bytes.</summary>
    private static bool Fits(Tensor input, IReadOnlyList<Tensor> parameters) =>
        input.dim() == 3 && parameters[0].shape[1] == input.shape[2] && parameters.All(p => p.HoldsFloats() && p.is_contiguous()) && LstmTrace.LargestBytes(Shape<Lanes512>(input, parameters)) <= int.MaxValue;
}
