using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>One two-class problem: which samples belong to which class.</summary>
/// <param name="Positive">Indices of the positive samples.</param>
/// <param name="Negative">Indices of the negative samples.</param>
internal sealed record SvmProblem(int[] Positive, int[] Negative)
{
    /// <summary>Solves several problems in parallel, each on a sub-matrix of the same kernel matrix.</summary>
    /// <param name="problems">The problems.</param>
    /// <param name="gram">Kernel matrix (sample, sample), float32, contiguous, on the CPU.</param>
    /// <param name="options">Settings.</param>
    /// <param name="cancellationToken">Checked regularly during each solution.</param>
    /// <returns>Dual coefficients (problem, sample) and biases (problem).</returns>
    public static (Tensor Coefficients, Tensor Biases) SolveAll(
        IReadOnlyList<SvmProblem> problems, Tensor gram, SvmOptions options, CancellationToken cancellationToken)
    {
        var coefficients = zeros(problems.Count, gram.shape[0], device: CPU);
        var biases = zeros(problems.Count, device: CPU);
        var samplesInGram = (int)gram.shape[0];
        ParallelLoops.For(problems.Count, p =>
        {
            var (samples, solution) = problems[p].Solve(gram.FloatSpan(), samplesInGram, options, cancellationToken);
            var row = coefficients.FloatSpan(p, samplesInGram);
            for (var i = 0; i < samples.Length; i++)
                row[samples[i]] = (float)solution.Coefficients[i];
            biases.FloatSpan()[p] = (float)solution.Bias;
        }, cancellationToken: cancellationToken);
        return (coefficients, biases);
    }

    private (int[] Samples, SequentialMinimalOptimisation.Solution Solution) Solve(
        ReadOnlySpan<float> gram, int samplesInGram, SvmOptions options, CancellationToken cancellationToken)
    {
        int[] samples = [.. Positive, .. Negative];

        // With samples of one class only there is nothing to optimise: that class always wins.
        if (Positive.Length == 0 || Negative.Length == 0)
            return (samples, new(new double[samples.Length], Math.Sign(Positive.Length - Negative.Length), true));
        var all = samples.Length == samplesInGram;
        if (all)
            Array.Sort(samples);
        var positive = Positive.ToHashSet();
        sbyte[] signs = [.. samples.Select(sample => (sbyte)(positive.Contains(sample) ? 1 : -1))];
        var subMatrix = all ? gram : SubMatrix(gram, samplesInGram, samples);
        return (samples, SequentialMinimalOptimisation.Solve(subMatrix, signs, options.C, options.Tolerance, cancellationToken));
    }

    private static float[] SubMatrix(ReadOnlySpan<float> gram, int samplesInGram, int[] samples)
    {
        var subMatrix = new float[samples.Length * samples.Length];
        for (var i = 0; i < samples.Length; i++)
        {
            var row = gram.Slice(samples[i] * samplesInGram, samplesInGram);
            for (var j = 0; j < samples.Length; j++)
                subMatrix[i * samples.Length + j] = row[samples[j]];
        }

        return subMatrix;
    }
}
