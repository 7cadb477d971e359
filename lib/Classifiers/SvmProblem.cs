using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>One two-class problem: which samples are on which side.</summary>
/// <param name="Positive">Positions of the positive samples.</param>
/// <param name="Negative">Positions of the negative samples.</param>
internal sealed record SvmProblem(int[] Positive, int[] Negative)
{
    /// <summary>Solves many problems on parts of one matrix of comparisons, several at once.</summary>
    /// <param name="problems">The problems.</param>
    /// <param name="gram">(sample, sample), float32, contiguous, on the CPU.</param>
    /// <param name="options">Settings.</param>
    /// <param name="cancellationToken">Asked now and then.</param>
    /// <returns>Coefficients (problem, sample) and biases (problem).</returns>
    public static (Tensor Coefficients, Tensor Biases) SolveAll(
        IReadOnlyList<SvmProblem> problems, Tensor gram, SvmOptions options, CancellationToken cancellationToken)
    {
        var coefficients = zeros(problems.Count, gram.shape[0], device: CPU);
        var biases = zeros(problems.Count, device: CPU);
        var width = (int)gram.shape[0];
        ParallelLoops.For(problems.Count, p =>
        {
            var (samples, solution) = problems[p].Solve(gram.FloatSpan(), width, options, cancellationToken);
            var row = coefficients.FloatSpan(p, width);
            for (var i = 0; i < samples.Length; i++)
                row[samples[i]] = (float)solution.Coefficients[i];
            biases.FloatSpan()[p] = (float)solution.Bias;
        }, cancellationToken: cancellationToken);
        return (coefficients, biases);
    }

    private (int[] Samples, SequentialMinimalOptimisation.Solution Solution) Solve(
        ReadOnlySpan<float> gram, int width, SvmOptions options, CancellationToken cancellationToken)
    {
        int[] samples = [.. Positive, .. Negative];

        // Without an opponent, or without a sample, nothing is to be found: whoever is there wins.
        if (Positive.Length == 0 || Negative.Length == 0)
            return (samples, new(new double[samples.Length], Math.Sign(Positive.Length - Negative.Length), true));
        var all = samples.Length == width;
        if (all)
            Array.Sort(samples);
        var positive = Positive.ToHashSet();
        sbyte[] signs = [.. samples.Select(sample => (sbyte)(positive.Contains(sample) ? 1 : -1))];
        var own = all ? gram : Part(gram, width, samples);
        return (samples, SequentialMinimalOptimisation.Solve(own, signs, options.C, options.Tolerance, cancellationToken));
    }

    private static float[] Part(ReadOnlySpan<float> gram, int width, int[] samples)
    {
        var part = new float[samples.Length * samples.Length];
        for (var i = 0; i < samples.Length; i++)
        {
            var row = gram.Slice(samples[i] * width, width);
            for (var j = 0; j < samples.Length; j++)
                part[i * samples.Length + j] = row[samples[j]];
        }

        return part;
    }
}
