using System.Runtime.InteropServices;
using DeviceId.Foundation;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>
/// A support vector machine for two or more classes (B. E. Boser, I. M. Guyon, V. N. Vapnik, COLT 1992; C. Cortes, V. N. Vapnik, 1995).
/// </summary>
/// <remarks>
/// libtorch computes the kernel matrix. Each two-class problem is solved on its sub-matrix, several in parallel; the result does not depend
/// on the number of threads. A class without training samples loses against every other class.
/// </remarks>
internal sealed class SupportVectorMachine : IDisposable
{
    // The kernel matrix must fit into 2^31 bytes, the limit of a span.
    private const int MaxSamples = 23_170;

    private readonly Tensor _machines;
    private readonly Tensor _biases;
    private readonly Tensor? _mean;
    private readonly Tensor? _samples;

    internal SupportVectorMachine(
        SvmOptions options, int classes, Tensor machines, Tensor biases, Tensor? mean = null, Tensor? samples = null)
    {
        (Options, Classes) = (options, classes);
        (_machines, _biases) = (machines.DetachFromDisposeScope(), biases.DetachFromDisposeScope());
        (_mean, _samples) = (mean?.DetachFromDisposeScope(), samples?.DetachFromDisposeScope());
    }

    /// <summary>The settings, with the gamma that was used.</summary>
    public SvmOptions Options { get; }

    /// <summary>Number of classes.</summary>
    public int Classes { get; }

    /// <summary>Number of values of a sample; with <see cref="SvmKernel.Precomputed"/> the number of training samples.</summary>
    internal long Values => (_samples ?? _machines).shape[1];

    /// <summary>Trains a machine.</summary>
    /// <param name="samples">float32 (sample, value); with <see cref="SvmKernel.Precomputed"/> the kernel matrix (sample, sample).</param>
    /// <param name="labels">int64 (sample), each in 0..classes-1.</param>
    /// <param name="classes">Number of classes, at least 2.</param>
    /// <param name="options">Settings.</param>
    /// <param name="cancellationToken">Checked at least every few seconds.</param>
    /// <exception cref="OptionsException">The settings are invalid.</exception>
    /// <exception cref="ArgumentException">Shapes or labels are wrong, a value is not finite, or there are too many samples.</exception>
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

        // Linear and RBF machines are invariant to a translation of all samples, but single precision is not: without centring, products of
        // large values would cancel.
        var mean = options.Kernel == SvmKernel.Precomputed ? null : x.mean([0]);
        x = mean is null ? x : x - mean;
        var gram = KernelMatrix(x, x, options, cancellationToken).contiguous();
        var problems = TwoClassProblems([.. labels.cpu().data<long>().Select(label => (int)label)], classes, options.Strategy);
        var (coefficients, biases) = SvmProblem.SolveAll(problems, gram, options, cancellationToken);

        // A linear machine is a weight vector; the RBF kernel needs the support vectors.
        if (options.Kernel == SvmKernel.Linear)
            return new SupportVectorMachine(options, classes, RowBlocks.Multiply(coefficients, x, cancellationToken), biases, mean);
        if (options.Kernel == SvmKernel.Precomputed)
            return new SupportVectorMachine(options, classes, coefficients, biases);
        var supportVectors = coefficients.abs().sum([0]).gt(0).nonzero().squeeze(1);
        return new SupportVectorMachine(
            options, classes, coefficients.index_select(1, supportVectors), biases, mean, x.index_select(0, supportVectors));
    }

    /// <summary>Decision values of all two-class machines.</summary>
    /// <param name="samples">
    /// float32 (sample, value); with <see cref="SvmKernel.Precomputed"/> the kernel matrix (sample, training sample).
    /// </param>
    /// <param name="cancellationToken">Checked at least every few seconds.</param>
    /// <returns>
    /// (sample, machine). One against one: a machine for each pair of classes, in the order (0, 1), (0, 2), …, (1, 2), …, positive for the
    /// first class of the pair. One against rest: a machine for each class.
    /// </returns>
    /// <exception cref="ArgumentException">The number of values differs from that of the training samples.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public Tensor Decisions(Tensor samples, CancellationToken cancellationToken = default)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var x = samples.to(ScalarType.Float32).cpu();
        if (x.dim() != 2 || x.shape[1] != Values)
            throw new ArgumentException(
                $"Samples must have the shape (sample, {Values}), not ({string.Join(", ", x.shape)}).", nameof(samples));
        var machines = _machines.t();
        var multiplicationsPerRow = machines.numel() + (_samples is null ? 0 : MultiplicationsPerRow(_samples, Options));

        // Block by block: the kernel matrix of all samples would take gigabytes.
        Tensor Decide(Tensor block)
        {
            var centred = _mean is null ? block : block - _mean;
            var inputs = _samples is null ? centred : KernelMatrix(centred, _samples, Options, cancellationToken);
            return inputs.mm(machines).add_(_biases);
        }

        return RowBlocks.Compute(x, machines.shape[1], multiplicationsPerRow, Decide, cancellationToken).MoveToOuterDisposeScope();
    }

    /// <summary>Scores of the classes.</summary>
    /// <param name="samples">As for <see cref="Decisions"/>.</param>
    /// <param name="cancellationToken">As for <see cref="Decisions"/>.</param>
    /// <returns>
    /// (sample, class), higher for the likelier class. One against one: the number of votes; ties are broken by the sum of the class's
    /// decision values, squashed into (-1/3, 1/3). One against rest: the decision values.
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

    /// <summary>Writes the machine to a file, atomically.</summary>
    public void Save(string path) => SvmFile.Write(path, this, State());

    /// <summary>Reads a file written by <see cref="Save"/>.</summary>
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

    /// <summary>The tensors of the file, by name.</summary>
    internal IReadOnlyList<(string Name, Tensor Tensor)> State() =>
        [.. new (string Name, Tensor? Tensor)[] { ("machines", _machines), ("biases", _biases), ("mean", _mean), ("samples", _samples) }
            .Where(part => part.Tensor is not null).Select(part => (part.Name, part.Tensor!))];

    /// <summary>
    /// Kernel matrix (one, other) of two sets of samples (sample, value). With <see cref="SvmKernel.Precomputed"/>,
    /// <paramref name="one"/> is the kernel matrix already and is returned.
    /// </summary>
    internal static Tensor KernelMatrix(Tensor one, Tensor other, SvmOptions options, CancellationToken cancellationToken)
    {
        if (options.Kernel == SvmKernel.Precomputed)
            return one;
        using var scope = NewDisposeScope();
        var transposed = other.t();
        if (options.Kernel == SvmKernel.Linear)
            return RowBlocks.Multiply(one, transposed, cancellationToken).MoveToOuterDisposeScope();

        // In place: with 10,000 samples each further copy would take half a gigabyte.
        var norms = other.square().sum([1]).unsqueeze(0);

        // exp(-gamma (|x|^2 - 2 x'y + |y|^2)); rounding may make the distance slightly negative.
        Tensor Rbf(Tensor block) => block.mm(transposed).mul_(-2).add_(block.square().sum([1]).unsqueeze(1)).add_(norms)
            .clamp_min_(0).mul_(-options.Gamma).exp_();

        return RowBlocks.Compute(one, other.shape[0], MultiplicationsPerRow(other, options), Rbf, cancellationToken)
            .MoveToOuterDisposeScope();
    }

    /// <summary>Cost of one row of the kernel matrix, in multiplications; an exponential counts as 100.</summary>
    private static long MultiplicationsPerRow(Tensor other, SvmOptions options) =>
        other.numel() + (options.Kernel == SvmKernel.Rbf ? 100 * other.shape[0] : 0);

    /// <summary>The settings; where the RBF kernel's gamma is 0, with 1 / (number of values x variance) of the samples.</summary>
    internal static SvmOptions WithGamma(SvmOptions options, Tensor samples)
    {
        if (options.Kernel != SvmKernel.Rbf || options.Gamma > 0)
            return options;
        using var scope = NewDisposeScope();
        var values = samples.to(ScalarType.Float64);
        var variance = (values - values.mean()).square().mean().item<double>();
        return options with { Gamma = variance > 0 ? 1 / (samples.shape[1] * variance) : 1 };
    }

    private static List<SvmProblem> TwoClassProblems(int[] labels, int classes, SvmStrategy strategy)
    {
        int[] SamplesWhere(Func<int, bool> condition) => [.. Enumerable.Range(0, labels.Length).Where(i => condition(labels[i]))];
        if (strategy == SvmStrategy.OneAgainstRest)
        {
            return [.. Enumerable.Range(0, classes)
                .Select(c => new SvmProblem(SamplesWhere(label => label == c), SamplesWhere(label => label != c)))];
        }

        var members = Enumerable.Range(0, classes).Select(c => SamplesWhere(label => label == c)).ToArray();
        return
        [
            .. from a in Enumerable.Range(0, classes)
               from b in Enumerable.Range(a + 1, classes - a - 1)
               select new SvmProblem(members[a], members[b]),
        ];
    }

    /// <summary>Two matrices (pair, class): 1 where the class is the first of the pair, and 1 where it is the second.</summary>
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
            throw new ArgumentException(
                $"Samples must have the shape (sample, value) and labels be int64 (sample), not ({string.Join(", ", samples.shape)}) and "
                    + $"{labels.dtype} ({string.Join(", ", labels.shape)}).",
                nameof(samples));
        if (options.Kernel == SvmKernel.Precomputed && samples.shape[0] != samples.shape[1])
            throw new ArgumentException(
                $"A precomputed kernel matrix must have the shape (sample, sample), not ({string.Join(", ", samples.shape)}).",
                nameof(samples));
        if (samples.shape[0] > MaxSamples)
            throw new ArgumentException(
                $"There are {samples.shape[0]} samples, more than the {MaxSamples} whose kernel matrix fits into memory: use fewer "
                    + "training windows.",
                nameof(samples));
        if (labels.lt(0).any().item<bool>() || labels.ge(classes).any().item<bool>())
            throw new ArgumentException($"A label is not in 0..{classes - 1}.", nameof(labels));
        if (!samples.isfinite().all().item<bool>())
            throw new ArgumentException("A value is NaN or infinite.", nameof(samples));
    }
}
