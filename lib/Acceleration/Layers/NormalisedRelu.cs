using DeviceId.Acceleration.Simd;
using DeviceId.Foundation;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeviceId.Acceleration.Layers;

/// <summary>What follows a fully connected layer: ReLU, batch normalisation (S. Ioffe, C. Szegedy, ICML 2015) and dropout. In training on the CPU they are one pass there and one back.</summary>
/// <remarks>As tensor operations they are three there and three back, each of which writes and reads all values again and hands them to threads anew.</remarks>
internal static class NormalisedRelu
{
    /// <summary>Units of a piece of work.</summary>
    private const int UnitsTogether = 64;

    /// <summary>Kept of a unit: mean, scale, variance.</summary>
    private const int Moments = 3;

    /// <summary>(sample, unit) to the same shape, in the graph of gradients where one is made. In training the normalisation's running moments go on.</summary>
    /// <param name="input">(sample, unit).</param>
    /// <param name="norm">Of as many units.</param>
    /// <param name="dropout">Null for none.</param>
    public static Tensor Of(Tensor input, BatchNorm1d norm, RandomDropout? dropout)
    {
        using var scope = NewDisposeScope();
        if (!Takes(input, norm))
        {
            var normalised = norm.call(input.relu());
            return (dropout?.call(normalised) ?? normalised).MoveToOuterDisposeScope();
        }

        norm.num_batches_tracked!.add_(1);
        return NormalisedReluFunction.apply(input.contiguous(), norm.weight!, norm.bias!, dropout?.Mask(input.shape)!, norm).MoveToOuterDisposeScope();
    }

    private static bool Takes(Tensor input, BatchNorm1d norm) =>
        norm.training && is_grad_enabled() && input.HoldsFloats()
        && input.dim() == 2 && input.shape[0] > 1 && input.shape[1] % Lanes512.Count == 0;

    /// <summary>The values, and what the way back needs of them.</summary>
    /// <param name="input">(sample, unit), contiguous.</param>
    /// <param name="norm">Weights and biases are read; the running moments go on.</param>
    /// <param name="mask">Factors of dropout (sample, unit); null for none.</param>
    /// <param name="moments">(moment, unit): mean and variance of ReLU's values, and between them the scale that follows from the variance.</param>
    /// <returns>(sample, unit).</returns>
    public static Tensor Forward(Tensor input, BatchNorm1d norm, Tensor? mask, out Tensor moments) =>
        Lanes512.IsSupported ? Forward<Lanes512>(input, norm, mask, out moments)
        : Lanes256.IsSupported ? Forward<Lanes256>(input, norm, mask, out moments)
        : Forward<Lanes128>(input, norm, mask, out moments);

    /// <summary>Slopes by input, weights and biases.</summary>
    /// <param name="input">As above, like the mask.</param>
    /// <param name="weight">(unit).</param>
    /// <param name="mask">(sample, unit), or null.</param>
    /// <param name="moments">From <see cref="Forward(Tensor, BatchNorm1d, Tensor?, out Tensor)"/>.</param>
    /// <param name="slope">By the output.</param>
    public static IReadOnlyList<Tensor> Backward(Tensor input, Tensor weight, Tensor? mask, Tensor moments, Tensor slope) =>
        Lanes512.IsSupported ? Backward<Lanes512>(input, weight, mask, moments, slope)
        : Lanes256.IsSupported ? Backward<Lanes256>(input, weight, mask, moments, slope)
        : Backward<Lanes128>(input, weight, mask, moments, slope);

    internal static Tensor Forward<T>(Tensor input, BatchNorm1d norm, Tensor? mask, out Tensor moments)
        where T : struct, ILanes<T>
    {
        var (samples, units) = ((int)input.shape[0], (int)input.shape[1]);
        var output = empty(samples, units);
        var made = moments = empty(Moments, units);
        var (weight, bias, eps) = (norm.weight!, norm.bias!, (float)norm.eps);
        Workers.SharePieces(units, UnitsTogether, (first, count) =>
        {
            for (var unit = first; unit < first + count; unit += T.Count)
                NormalisedReluKernel<T>.Forward(
                    ref input.Floats()[unit], ref (mask ?? input).Floats()[unit], mask is not null, ref weight.Floats()[unit], ref bias.Floats()[unit], eps,
                    samples, units, ref made.Floats()[unit], ref output.Floats()[unit]);
        }, Workers.Threads);
        GoOn(norm, made.Floats(), samples);
        return output;
    }

    internal static IReadOnlyList<Tensor> Backward<T>(Tensor input, Tensor weight, Tensor? mask, Tensor moments, Tensor slope)
        where T : struct, ILanes<T>
    {
        var (samples, units) = ((int)input.shape[0], (int)input.shape[1]);
        var (byInput, byWeight, byBias) = (empty(samples, units), empty(units), empty(units));
        Workers.SharePieces(units, UnitsTogether, (first, count) =>
        {
            for (var unit = first; unit < first + count; unit += T.Count)
                NormalisedReluKernel<T>.Backward(
                    ref input.Floats()[unit], ref (mask ?? input).Floats()[unit], mask is not null, ref weight.Floats()[unit], ref moments.Floats()[unit], ref slope.Floats()[unit],
                    samples, units, ref byInput.Floats()[unit], ref byWeight.Floats()[unit], ref byBias.Floats()[unit]);
        }, Workers.Threads);
        return [byInput, byWeight, byBias];
    }

    /// <summary>The running moments after this batch: the variance is the one that divides by n - 1.</summary>
    private static void GoOn(BatchNorm1d norm, Span<float> moments, int samples)
    {
        var momentum = (float)norm.momentum!.Value;
        var units = moments.Length / Moments;
        var mean = norm.running_mean!.Floats();
        var variance = norm.running_var!.Floats();
        for (var unit = 0; unit < units; unit++)
        {
            mean[unit] += momentum * (moments[unit] - mean[unit]);
            variance[unit] += momentum * ((moments[(2 * units) + unit] * samples / (samples - 1)) - variance[unit]);
        }
    }
}
