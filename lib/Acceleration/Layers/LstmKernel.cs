using DeviceId.Acceleration.Simd;
using static TorchSharp.torch;

namespace DeviceId.Acceleration.Layers;

/// <summary>Forward and backward pass of an LSTM layer on the CPU: our own, which go through all time steps without a word between threads.</summary>
internal static class LstmKernel
{
    private const int ParametersOfDirection = 4;

    /// <summary>The layer's output, and what the backward pass needs.</summary>
    /// <param name="input">(sample, step, input).</param>
    /// <param name="parameters">libtorch's, in its order.</param>
    /// <param name="savesActivations">Whether a backward pass follows.</param>
    public static (Tensor Output, LstmTrace Trace) Forward(Tensor input, IReadOnlyList<Tensor> parameters, bool savesActivations) =>
        Widest.Run<ForwardWork, (Tensor Output, LstmTrace Trace)>(new(input, parameters, savesActivations));

    /// <summary>Gradients by input (null where it is not wanted) and by each parameter.</summary>
    /// <param name="input">(sample, step, input).</param>
    /// <param name="parameters">libtorch's, in its order.</param>
    /// <param name="trace">From <see cref="Forward(Tensor, IReadOnlyList{Tensor}, bool)"/>.</param>
    /// <param name="gradOutput">By the output.</param>
    /// <param name="withInput">Whether the gradient by the input is wanted.</param>
    public static IReadOnlyList<Tensor?> Backward(Tensor input, IReadOnlyList<Tensor> parameters, LstmTrace trace, Tensor gradOutput, bool withInput) =>
        Widest.Run<BackwardWork, IReadOnlyList<Tensor?>>(new(input, parameters, trace, gradOutput, withInput));

    internal static (Tensor Output, LstmTrace Trace) Forward<T>(Tensor input, IReadOnlyList<Tensor> parameters, bool savesActivations)
        where T : struct, ILanes<T>
    {
        using var scope = NewDisposeScope();
        var shape = Shape<T>(input, parameters);
        var output = Buffers.Empty(shape.Samples, shape.Steps, shape.Directions * shape.Units);
        var trace = LstmTrace.For(shape, savesActivations);
        LstmForward<T>.Run(shape, input.contiguous(), [.. parameters.Chunk(ParametersOfDirection).Select(p => LstmForward<T>.Pack(shape, p))], trace, output);
        foreach (var kept in savesActivations ? new[] { trace.Factors, trace.Gates, trace.Cells } : [])
            kept.MoveToOuterDisposeScope();
        return (output.MoveToOuterDisposeScope(), trace);
    }

    internal static IReadOnlyList<Tensor?> Backward<T>(Tensor input, IReadOnlyList<Tensor> parameters, LstmTrace trace, Tensor gradOutput, bool withInput)
        where T : struct, ILanes<T>
    {
        using var scope = NewDisposeScope();
        var shape = Shape<T>(input, parameters);
        var gradInput = withInput ? Buffers.Empty(shape.Directions, shape.Samples, shape.Steps, shape.Inputs) : null;
        var gradParameters = LstmBackward<T>.Run(shape, [.. parameters.Chunk(ParametersOfDirection)], trace, gradOutput.contiguous(), gradInput);
        List<Tensor?> gradients = [gradInput is null ? null : Summed(gradInput), .. gradParameters.SelectMany(p => p)];
        foreach (var made in gradients)
            made?.MoveToOuterDisposeScope();
        return gradients;
    }

    /// <summary>The sum over directions, in the first one's place: libtorch's sum over an axis of two takes three times as long (measured).</summary>
    private static Tensor Summed(Tensor directions)
    {
        var sum = directions[0];
        for (var direction = 1; direction < directions.shape[0]; direction++)
            sum.add_(directions[direction]);
        return sum;
    }

    internal static LstmShape Shape<T>(Tensor input, IReadOnlyList<Tensor> parameters)
        where T : struct, ILanes<T> =>
        LstmShape.For<T>((int)input.shape[0], (int)input.shape[1], (int)input.shape[2], (int)parameters[1].shape[1], parameters.Count / ParametersOfDirection);

    private readonly record struct ForwardWork(Tensor Input, IReadOnlyList<Tensor> Parameters, bool SavesActivations) : IVectorWork<(Tensor Output, LstmTrace Trace)>
    {
        public (Tensor Output, LstmTrace Trace) Run<T>()
            where T : struct, ILanes<T> => Forward<T>(Input, Parameters, SavesActivations);
    }

    private readonly record struct BackwardWork(Tensor Input, IReadOnlyList<Tensor> Parameters, LstmTrace Trace, Tensor GradOutput, bool WithInput) : IVectorWork<IReadOnlyList<Tensor?>>
    {
        public IReadOnlyList<Tensor?> Run<T>()
            where T : struct, ILanes<T> => Backward<T>(Input, Parameters, Trace, GradOutput, WithInput);
    }
}
