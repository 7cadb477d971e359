using System.Runtime.InteropServices;
using DeviceId.Foundation;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>
/// A support vector machine for any number of classes (B. E. Boser, I. M. Guyon, V. N. Vapnik, COLT 1992; C. Cortes, V. N. Vapnik, 1995).
/// </summary>
/// <remarks>
/// The tensor library computes the matrix of comparisons; each two-class problem is solved on its part of it, several at once, with the
/// same result whatever the number of threads. A class without training samples loses every comparison.
/// </remarks>
internal sealed class SupportVectorMachine : IDisposable
{
    // A span reaches no further than 2^31 bytes.
    private const int MaxSamples = 23_170;

    private readonly Tensor _machines;
    private readonly Tensor _biases;
    private readonly Tensor? _mean;
    private readonly Tensor? _samples;

    internal SupportVectorMachine(SvmOptions options, int classes, Tensor machines, Tensor biases, Tensor? mean = null,
        Tensor? samples = null)
    {
        (Options, Classes) = (options, classes);
        (_machines, _biases) = (machines.DetachFromDisposeScope(), biases.DetachFromDisposeScope());
        (_mean, _samples) = (mean?.DetachFromDisposeScope(), samples?.DetachFromDisposeScope());
    }

    /// <summary>The settings; gamma as it was measured.</summary>
    public SvmOptions Options { get; }

    /// <summary>Number of classes.</summary>
    public int Classes { get; }

    /// <summary>Values of a sample; with <see cref="SvmKernel.Precomputed"/> the number of training samples.</summary>
    internal long Values => (_samples ?? _machines).shape[1];

    /// <summary>Trains.</summary>
    /// <param name="samples">float32 (sample, value); with <see cref="SvmKernel.Precomputed"/> the comparisons (sample, sample).</param>
    /// <param name="labels">int64 (sample), each in 0..classes-1.</param>
    /// <param name="classes">Number of classes, at least 2.</param>
    /// <param name="options">Settings.</param>
    /// <param name="cancellationToken">Asked at least every few seconds.</param>
    /// <exception cref="OptionsException">The settings cannot be used.</exception>
    /// <exception cref="ArgumentException">Shapes or labels do not fit, values are not finite, or there are too many samples.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static SupportVectorMachine Fit(
        Tensor samples, Tensor labels, int classes, SvmOptions options, CancellationToken cancellationToken = default)
    {
        options.Validate();
        using var scope = NewDisposeScope();
        Check(samples, labels, classes, options);
        using var gradients = no_grad();
        var x = samples.to(ScalarType.Float32).cpu().contiguous();
        options = WithGamma(options, x);

        // No linear or RBF machine changes when all samples are moved alike, but single precision does: the products of large numbers drown
        // their differences.
        var mean = options.Kernel == SvmKernel.Precomputed ? null : x.mean([0]);
        x = mean is null ? x : x - mean;
        var gram = Compare(x, x, options, cancellationToken).contiguous();
        var problems = Problems([.. labels.cpu().data<long>().Select(label => (int)label)], classes, options.Strategy);
        var (coefficients, biases) = SvmProblem.SolveAll(problems, gram, options, cancellationToken);

        // A linear machine is a direction; the others need the samples that carry them.
        if (options.Kernel == SvmKernel.Linear)
            return new SupportVectorMachine(options, classes, RowBlocks.Multiply(coefficients, x, cancellationToken), biases, mean);
        if (options.Kernel == SvmKernel.Precomputed)
            return new SupportVectorMachine(options, classes, coefficients, biases);
        var carrying = coefficients.abs().sum([0]).gt(0).nonzero().squeeze(1);
        return new SupportVectorMachine(options, classes, coefficients.index_select(1, carrying), biases, mean,
            x.index_select(0, carrying));
    }

    /// <summary>Decision values of all two-class machines.</summary>
    /// <param name="samples">
    /// float32 (sample, value); with <see cref="SvmKernel.Precomputed"/> the comparisons (sample, training sample).
    /// </param>
    /// <param name="cancellationToken">Asked at least every few seconds.</param>
    /// <returns>
    /// (sample, machine). One against one: pairs in the order (0, 1), (0, 2), …, (1, 2), …, positive for the first of the pair. One against
    /// rest: classes.
    /// </returns>
    /// <exception cref="ArgumentException">The number of values is not that of the training.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public Tensor Decisions(Tensor samples, CancellationToken cancellationToken = default)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var x = samples.to(ScalarType.Float32).cpu();
        if (x.dim() != 2 || x.shape[1] != Values)
            throw new ArgumentException($"Samples are (sample, {Values} values), not ({string.Join(", ", x.shape)}).", nameof(samples));
        var machines = _machines.t();
        var cost = machines.numel() + (_samples is null ? 0 : Comparison(_samples, Options));

        // Centred, compared and multiplied block by block: the comparisons of all would fill gigabytes.
        Tensor Decide(Tensor block)
        {
            var centred = _mean is null ? block : block - _mean;
            var compared = _samples is null ? centred : Compare(centred, _samples, Options, cancellationToken);
            return compared.mm(machines).add_(_biases);
        }

        return RowBlocks.Compute(x, machines.shape[1], cost, Decide, cancellationToken).MoveToOuterDisposeScope();
    }

    /// <summary>Scores of the classes.</summary>
    /// <param name="samples">As for <see cref="Decisions"/>.</param>
    /// <param name="cancellationToken">As for <see cref="Decisions"/>.</param>
    /// <returns>
    /// (sample, class), the greater the likelier. One against one: the votes of the pairs, and between classes of equal votes the sum of
    /// their decision values, brought into (-1/3, 1/3).
    /// </returns>
    public Tensor Scores(Tensor samples, CancellationToken cancellationToken = default)
    {
        using var scope = NewDisposeScope();
        var decisions = Decisions(samples, cancellationToken);
        if (Options.Strategy == SvmStrategy.OneAgainstRest)
            return decisions.MoveToOuterDisposeScope();
        var (first, second) = PairMembership();
        var wins = decisions.gt(0).to(ScalarType.Float32);
        var votes = wins.mm(first) + (1 - wins).mm(second);
        var sums = decisions.mm(first - second);
        return (votes + sums / (3 * (sums.abs() + 1))).MoveToOuterDisposeScope();
    }

    /// <summary>Writes the machine to a file, whole or not at all.</summary>
    public void Save(string path) => SvmFile.Write(path, this, State());

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="ModelFileException">The file cannot be used.</exception>
    public static SupportVectorMachine Load(string path) => SvmFile.Read(path);

    /// <inheritdoc/>
    public void Dispose()
    {
        _machines.Dispose();
        _biases.Dispose();
        _mean?.Dispose();
        _samples?.Dispose();
    }

    /// <summary>The tensors by name.</summary>
    internal IReadOnlyList<(string Name, Tensor Tensor)> State() =>
        [.. new (string Name, Tensor? Tensor)[] { ("machines", _machines), ("biases", _biases), ("mean", _mean), ("samples", _samples) }
            .Where(part => part.Tensor is not null).Select(part => (part.Name, part.Tensor!))];

    /// <summary>(one, other): every comparison.</summary>
    internal static Tensor Compare(Tensor one, Tensor other, SvmOptions options, CancellationToken cancellationToken)
    {
        if (options.Kernel == SvmKernel.Precomputed)
            return one;
        using var scope = NewDisposeScope();
        var transposed = other.t();
        if (options.Kernel == SvmKernel.Linear)
            return RowBlocks.Multiply(one, transposed, cancellationToken).MoveToOuterDisposeScope();

        // In place: with ten thousand samples every further copy would be half a gigabyte.
        var norms = other.square().sum([1]).unsqueeze(0);
        Tensor Rbf(Tensor block) => block.mm(transposed).mul_(-2).add_(block.square().sum([1]).unsqueeze(1)).add_(norms)
            .clamp_min_(0).mul_(-options.Gamma).exp_();
        return RowBlocks.Compute(one, other.shape[0], Comparison(other, options), Rbf, cancellationToken).MoveToOuterDisposeScope();
    }

    /// <summary>What the comparison of one sample with all others costs, in multiplications: an exponential counts as a hundred.</summary>
    private static long Comparison(Tensor other, SvmOptions options) =>
        other.numel() + (options.Kernel == SvmKernel.Rbf ? 100 * other.shape[0] : 0);

    /// <summary>The settings with gamma measured on the samples as they are given, where that was asked for.</summary>
    internal static SvmOptions WithGamma(SvmOptions options, Tensor samples)
    {
        if (options.Kernel != SvmKernel.Rbf || options.Gamma > 0)
            return options;
        using var scope = NewDisposeScope();
        var values = samples.to(ScalarType.Float64);
        var variance = (values - values.mean()).square().mean().item<double>();
        return options with { Gamma = variance > 0 ? 1 / (samples.shape[1] * variance) : 1 };
    }

    private static List<SvmProblem> Problems(int[] labels, int classes, SvmStrategy strategy)
    {
        int[] Of(int label) => [.. Enumerable.Range(0, labels.Length).Where(i => labels[i] == label)];
        if (strategy == SvmStrategy.OneAgainstRest)
            return [.. Enumerable.Range(0, classes)
                .Select(c => new SvmProblem(Of(c), [.. Enumerable.Range(0, labels.Length).Where(i => labels[i] != c)]))];
        var members = Enumerable.Range(0, classes).Select(Of).ToArray();
        return [.. from a in Enumerable.Range(0, classes) from b in Enumerable.Range(a + 1,
            classes - a - 1) select new SvmProblem(members[a], members[b])];
    }

    /// <summary>(pair, class): 1 where the class is the pair's first, and where it is its second.</summary>
    private (Tensor First, Tensor Second) PairMembership()
    {
        var pairs = (from a in Enumerable.Range(0, Classes) from b in Enumerable.Range(a + 1, Classes - a - 1) select (a, b)).ToList();
        var (first, second) = (zeros(pairs.Count, Classes, device: CPU), zeros(pairs.Count, Classes, device: CPU));
        for (var p = 0; p < pairs.Count; p++)
        {
            first.FloatSpan(p, Classes)[pairs[p].a] = 1;
            second.FloatSpan(p, Classes)[pairs[p].b] = 1;
        }

        return (first, second);
    }

    private static void Check(Tensor samples, Tensor labels, int classes, SvmOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        if (samples.dim() != 2 || samples.shape[0] == 0 || samples.shape[1] == 0 || labels.dim() != 1 || labels.shape[0] != samples.shape[0]
            || labels.dtype != ScalarType.Int64)
            throw new ArgumentException($"Samples are (sample, value) and labels int64 (sample), not ({string.Join(", ", samples.shape)}) and {labels.dtype} ({string.Join(", ", labels.shape)}).", nameof(samples));
        if (options.Kernel == SvmKernel.Precomputed && samples.shape[0] != samples.shape[1])
            throw new ArgumentException($"Precomputed comparisons are (sample, sample), not ({string.Join(", ", samples.shape)}).",
                nameof(samples));
        if (samples.shape[0] > MaxSamples)
            throw new ArgumentException($"{samples.shape[0]} samples are more than the {MaxSamples} whose comparisons fit into memory: take fewer windows.", nameof(samples));
        if (labels.lt(0).any().item<bool>() || labels.ge(classes).any().item<bool>())
            throw new ArgumentException($"A label lies outside 0..{classes - 1}.", nameof(labels));
        if (!samples.isfinite().all().item<bool>())
            throw new ArgumentException("A value is NaN or infinite.", nameof(samples));
    }
}
