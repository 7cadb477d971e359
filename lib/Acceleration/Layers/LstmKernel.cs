using DeviceId.Acceleration.Simd;
using static TorchSharp.torch;

namespace DeviceId.Acceleration.Layers;

/// <summary>Forward and backward pass of an LSTM layer on the CPU; each thread runs all time steps without synchronisation.</summary>
internal static class LstmKernel
{
    private const int ParametersPerDirection = 4;

    /// <summary>Computes the output (sample, step, direction x unit), and the activations that the backward pass needs.</summary>
    /// <param name="input">(sample, step, input).</param>
    /// <param name="parameters">The parameters in libtorch's order.</param>
    /// <param name="savesActivations">Whether a backward pass follows.</param>
    public static (Tensor Output, LstmActivations Activations) Forward(
        Tensor input, IReadOnlyList<Tensor> parameters, bool savesActivations) =>
        SimdDispatch.Run<ForwardWork, (Tensor Output, LstmActivations Activations)>(new(input, parameters, savesActivations));

    /// <summary>Computes the gradients with respect to the input (null if not required) and each parameter, in their shapes.</summary>
    /// <param name="input">(sample, step, input).</param>
    /// <param name="parameters">The parameters in libtorch's order.</param>
    /// <param name="activations">From <see cref="Forward(Tensor, IReadOnlyList{Tensor}, bool)"/>.</param>
    /// <param name="gradOutput">Gradient with respect to the output (sample, step, direction x unit).</param>
    /// <param name="withInput">Whether the gradient with respect to the input is required.</param>
    public static IReadOnlyList<Tensor?> Backward(
        Tensor input, IReadOnlyList<Tensor> parameters, LstmActivations activations, Tensor gradOutput, bool withInput) =>
        SimdDispatch.Run<BackwardWork, IReadOnlyList<Tensor?>>(new(input, parameters, activations, gradOutput, withInput));

    internal static (Tensor Output, LstmActivations Activations) Forward<T>(
        Tensor input, IReadOnlyList<Tensor> parameters, bool savesActivations)
        where T : struct, ISimdVector<T>
    {
        using var scope = NewDisposeScope();
        var shape = Shape<T>(input, parameters);
        var output = Buffers.Empty(shape.Samples, shape.Steps, shape.Directions * shape.Units);
        var activations = LstmActivations.For(shape, savesActivations);
        var weights = parameters.Chunk(ParametersPerDirection).Select(p => LstmForward<T>.Pack(shape, p)).ToList();
        LstmForward<T>.Run(shape, input.contiguous(), weights, activations, output);
        foreach (var saved in savesActivations ? new[] { activations.Operands, activations.Gates, activations.Cells } : [])
            saved.MoveToOuterDisposeScope();
        return (output.MoveToOuterDisposeScope(), activations);
    }

    internal static IReadOnlyList<Tensor?> Backward<T>(
        Tensor input, IReadOnlyList<Tensor> parameters, LstmActivations activations, Tensor gradOutput, bool withInput)
        where T : struct, ISimdVector<T>
    {
        using var scope = NewDisposeScope();
        var shape = Shape<T>(input, parameters);
        var gradInput = withInput ? Buffers.Empty(shape.Directions, shape.Samples, shape.Steps, shape.Inputs) : null;
        var gradParameters = LstmBackward<T>.Run(
            shape, [.. parameters.Chunk(ParametersPerDirection)], activations, gradOutput.contiguous(), gradInput);
        List<Tensor?> gradients = [gradInput is null ? null : SumDirections(gradInput), .. gradParameters.SelectMany(p => p)];
        foreach (var gradient in gradients)
            gradient?.MoveToOuterDisposeScope();
        return gradients;
    }

    /// <summary>Sums over directions in place; libtorch's sum over an axis of size two takes three times as long.</summary>
    private static Tensor SumDirections(Tensor directions)
    {
        var sum = directions[0];
        for (var direction = 1; direction < directions.shape[0]; direction++)
            sum.add_(directions[direction]);
        return sum;
    }

    internal static LstmShape Shape<T>(Tensor input, IReadOnlyList<Tensor> parameters)
        where T : struct, ISimdVector<T> =>
        LstmShape.For<T>(
            (int)input.shape[0], (int)input.shape[1], (int)input.shape[2], (int)parameters[1].shape[1],
            parameters.Count / ParametersPerDirection);

    private readonly record struct ForwardWork(
        Tensor Input, IReadOnlyList<Tensor> Parameters, bool SavesActivations) : ISimdWork<(Tensor Output, LstmActivations Activations)>
    {
        public (Tensor Output, LstmActivations Activations) Run<T>()
            where T : struct, ISimdVector<T> => Forward<T>(Input, Parameters, SavesActivations);
    }

    private readonly record struct BackwardWork(
        Tensor Input, IReadOnlyList<Tensor> Parameters, LstmActivations Activations, Tensor GradOutput, bool WithInput)
        : ISimdWork<IReadOnlyList<Tensor?>>
    {
        public IReadOnlyList<Tensor?> Run<T>()
            where T : struct, ISimdVector<T> => Backward<T>(Input, Parameters, Activations, GradOutput, WithInput);
    }
}
