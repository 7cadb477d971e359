using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>Chooses C by cross-validation on the training samples.</summary>
internal static class SvmCrossValidation
{
    /// <summary>The settings with the C that classifies most held-out samples correctly; of equally good values the smallest.</summary>
    /// <param name="samples">float32 (sample, value).</param>
    /// <param name="labels">int64 (sample).</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="groupOf">The group of each sample (its sentence): a group is never in both the training and the test part.</param>
    /// <param name="options">Settings; their own C stays if there are fewer than two groups, so that nothing can be held out.</param>
    /// <param name="candidates">Values of C, at least one.</param>
    /// <param name="folds">Number of folds; no more than there are groups are used.</param>
    /// <param name="progress">Receives the number of machines trained.</param>
    /// <param name="cancellationToken">Checked at least every few seconds.</param>
    /// <exception cref="ArgumentException">There is no candidate, or the number of groups is not that of the samples.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static SvmOptions ChooseC(
        Tensor samples, Tensor labels, int classes, IReadOnlyList<string> groupOf, SvmOptions options, IReadOnlyList<double> candidates,
        int folds = 3, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        if (candidates.Count == 0 || groupOf.Count != samples.shape[0])
            throw new ArgumentException(
                $"There must be a candidate for C and one group per sample: there are {candidates.Count} candidates, and "
                    + $"{groupOf.Count} groups for {samples.shape[0]} samples.");
        var ascending = candidates.Order().ToList();
        var groups = groupOf.Distinct().Order(StringComparer.Ordinal).ToList();
        if (ascending.Count == 1)
            return options with { C = ascending[0] };
        if (groups.Count < 2)
            return options;

        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var x = samples.to(ScalarType.Float32).cpu();
        var withGamma = SupportVectorMachine.WithGamma(options, x);
        x = x - x.mean([0]);
        var gram = SupportVectorMachine.KernelMatrix(x, x, withGamma, cancellationToken);
        var foldCount = Math.Min(folds, groups.Count);
        var correct = new long[ascending.Count];
        for (var fold = 0; fold < foldCount; fold++)
        {
            using var inner = NewDisposeScope();
            bool IsHeldOut(int sample) => groups.IndexOf(groupOf[sample]) % foldCount == fold;
            var all = Enumerable.Range(0, groupOf.Count).Select(i => (long)i).ToLookup(i => IsHeldOut((int)i));
            var (heldOut, rest) = (tensor(all[true].ToArray(), device: CPU), tensor(all[false].ToArray(), device: CPU));
            var (train, test) = (SubMatrix(gram, rest, rest), SubMatrix(gram, heldOut, rest));
            var (trainLabels, testLabels) = (labels.cpu().index_select(0, rest), labels.cpu().index_select(0, heldOut));
            for (var c = 0; c < ascending.Count; c++)
            {
                var candidate = withGamma with { Kernel = SvmKernel.Precomputed, C = ascending[c] };
                using var machine = SupportVectorMachine.Fit(train, trainLabels, classes, candidate, cancellationToken);
                correct[c] += machine.Scores(test, cancellationToken).argmax(1).eq(testLabels).sum().item<long>();
                progress?.Report(new WorkProgress("choosing C", fold * ascending.Count + c + 1, foldCount * ascending.Count));
            }
        }

        Tensor SubMatrix(Tensor matrix, Tensor rows, Tensor columns)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var selectedRows = matrix.index_select(0, rows);
            cancellationToken.ThrowIfCancellationRequested();
            return selectedRows.index_select(1, columns);
        }

        return options with { C = ascending[Array.IndexOf(correct, correct.Max())] };
    }
}
