using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>Settings of <see cref="KernelDiscriminant"/>.</summary>
[OptionsKind("kernelDiscriminant")]
public sealed record KernelDiscriminantOptions : ProjectionOptions
{
    /// <summary>The kernel.</summary>
    public DiscriminantKernel Kernel { get; init; } = DiscriminantKernel.Rbf;

    /// <summary>Maximum number of dimensions; 0 for the number of devices less one.</summary>
    public int Dimensions { get; init; }

    /// <summary>Shrinkage of the scatter within the devices, from 0 (none) to 1 (a sphere).</summary>
    public double Shrinkage { get; init; } = 1e-3;

    /// <summary>Training samples of each device that the kernel compares with, evenly spaced; 0 for all.</summary>
    public int SamplesPerDevice { get; init; } = 40;

    /// <inheritdoc/>
    public override IEnumerable<string> Problems() =>
    [
        .. DimensionProblems(nameof(Dimensions), Dimensions, min: 0, ", or 0 for the number of devices less one"),
        .. DimensionProblems(nameof(SamplesPerDevice), SamplesPerDevice, min: 0, ", or 0 for all"),
        .. ShrinkageProblems(Shrinkage),
        .. Enum.IsDefined(Kernel) ? Array.Empty<string>() : [$"Kernel is {(int)Kernel}, which is not a defined value."],
    ];

    internal override Projection Fit(TrainingVectors train, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var few = train.Limit(SamplesPerDevice);
        var samples = few.Values.clone();
        var scale = KernelDiscriminant.Scale(samples, Kernel);
        var matrix = KernelDiscriminant.Compare(samples, samples, Kernel, scale);
        var mean = matrix.mean([0]);
        var mapped = few with { Values = KernelDiscriminant.Centre(matrix, mean) };
        cancellationToken.ThrowIfCancellationRequested();
        var within = Covariance.Shrink(mapped.WithinScatter(), Shrinkage);
        var axes = LdaOptions.Axes(within, mapped, mapped.Values.mean([0]), Dimensions);
        return new KernelDiscriminant(Kernel, samples, tensor(new[] { scale }, device: CPU), mean, axes);
    }

    internal override Projection Restore(StateReader state, long inputs)
    {
        var samples = state.Take("samples", StateReader.Any, inputs);
        var (count, scale) = (samples.shape[0], state.Take("scale", 1));
        return scale.item<double>() > 0
            ? new KernelDiscriminant(Kernel, samples, scale, state.Take("mean", count), state.Take("axes", count, StateReader.Any))
            : throw new ArgumentException("the scale of the kernel is not positive");
    }
}

/// <summary>Kernel of <see cref="KernelDiscriminantOptions"/>.</summary>
public enum DiscriminantKernel
{
    /// <summary>x'y / s, with the mean s of |x|^2 over the training vectors.</summary>
    Linear,

    /// <summary>(1 + x'y / s)^2, with the mean s of |x|^2 over the training vectors.</summary>
    Quadratic,

    /// <summary>exp(-|x - y|^2 / s), with s twice the median of |x - y|^2 over pairs of training vectors.</summary>
    Rbf,
}

/// <summary>
/// Kernel discriminant analysis: linear discriminant analysis of the vectors k(x) = [k(x, x_1), …, k(x, x_n)], centred.
/// </summary>
/// <remarks>
/// G. Baudat, F. Anouar, "Generalized discriminant analysis using a kernel approach", Neural Computation 12(10), 2000: the axes solve
/// B a = l (W + e I) a in kernel form. The projection of supervectors by Y. Jiang, F. H. F. Leung (IEEE TIFS 14(11), 2019) is published
/// without its kernel and its sizes; as a projection of supervectors this is a reconstruction.
/// </remarks>
/// <param name="kernel">The kernel.</param>
/// <param name="samples">x_i (sample, value); taken over.</param>
/// <param name="scale">Scale of the kernel (1); taken over.</param>
/// <param name="mean">Mean of the kernel over the training samples (sample); taken over.</param>
/// <param name="axes">(sample, axis); taken over.</param>
internal sealed class KernelDiscriminant(DiscriminantKernel kernel, Tensor samples, Tensor scale, Tensor mean, Tensor axes)
    : Projection(("samples", samples), ("scale", scale), ("mean", mean), ("axes", axes))
{
    private readonly double _scale = scale.data<double>()[0];

    public override long Outputs { get; } = axes.shape[1];

    public override Tensor Apply(Tensor vectors)
    {
        using var scope = NewDisposeScope();
        var matrix = Compare(vectors, State[0].Tensor, kernel, _scale);
        return Centre(matrix, State[2].Tensor).mm(State[3].Tensor).MoveToOuterDisposeScope();
    }

    /// <summary>The kernel (row of one, row of other).</summary>
    public static Tensor Compare(Tensor one, Tensor other, DiscriminantKernel kernel, double scale)
    {
        using var scope = NewDisposeScope();
        var values = kernel switch
        {
            DiscriminantKernel.Linear => one.mm(other.t()) / scale,
            DiscriminantKernel.Quadratic => ((one.mm(other.t()) / scale) + 1).square(),
            _ => (NearestMean.SquaredDistances(one, other) / -scale).exp(),
        };
        return values.MoveToOuterDisposeScope();
    }

    /// <summary>The scale of a kernel for training vectors (sample, value).</summary>
    public static double Scale(Tensor samples, DiscriminantKernel kernel)
    {
        using var scope = NewDisposeScope();
        var scale = kernel == DiscriminantKernel.Rbf
            ? 2 * NearestMean.SquaredDistances(samples, samples).median().item<double>()
            : samples.square().sum([1]).mean().item<double>();
        return scale > 0 ? scale : 1;
    }

    /// <summary>Centres the kernel in feature space, as if the mean of the training vectors' images were the origin.</summary>
    /// <param name="matrix">(row, sample).</param>
    /// <param name="mean">Mean of the training samples' kernel (sample).</param>
    public static Tensor Centre(Tensor matrix, Tensor mean) => matrix - matrix.mean([1], keepdim: true) - mean + mean.mean();
}
