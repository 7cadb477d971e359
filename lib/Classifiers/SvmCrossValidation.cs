using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>Chooses C on training samples alone.</summary>
internal static class SvmCrossValidation
{
    /// <summary>The C that names most held-out training samples rightly; of equals the smaller.</summary>
    /// <param name="samples">float32 (sample, value).</param>
    /// <param name="labels">int64 (sample).</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="groupOf">The group of each sample (its sentence): a group is never on both sides.</param>
    /// <param name="options">Everything but C, which counts where there is one group only.</param>
    /// <param name="candidates">Values of C, at least one.</param>
    /// <param name="folds">
    /// Parts that the groups are dealt to, at most as many as groups; with one group nothing can be held out and the settings' own C stays.
    /// </param>
    /// <param name="progress">Told of machines trained.</param>
    /// <param name="cancellationToken">Asked at least every few seconds.</param>
    /// <exception cref="ArgumentException">No candidate, or groups for another number of samples.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static SvmOptions ChooseC(
        Tensor samples, Tensor labels, int classes, IReadOnlyList<string> groupOf, SvmOptions options, IReadOnlyList<double> candidates,
        int folds = 3, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        if (candidates.Count == 0 || groupOf.Count != samples.shape[0])
            throw new ArgumentException($"There are {candidates.Count} candidates, and groups for {groupOf.Count} of {samples.shape[0]} samples.");
        var ordered = candidates.Order().ToList();
        var groups = groupOf.Distinct().Order(StringComparer.Ordinal).ToList();
        if (ordered.Count == 1)
            return options with { C = ordered[0] };
        if (groups.Count < 2)
            return options;

        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var x = samples.to(ScalarType.Float32).cpu();
        var prepared = SupportVectorMachine.WithGamma(options, x);
        x = x - x.mean([0]);
        var gram = SupportVectorMachine.Compare(x, x, prepared, cancellationToken);
        var parts = Math.Min(folds, groups.Count);
        var right = new long[ordered.Count];
        for (var part = 0; part < parts; part++)
        {
            using var inner = NewDisposeScope();
            bool IsHeld(int sample) => groups.IndexOf(groupOf[sample]) % parts == part;
            var all = Enumerable.Range(0, groupOf.Count).Select(i => (long)i).ToLookup(i => IsHeld((int)i));
            var (held, rest) = (tensor(all[true].ToArray(), device: CPU), tensor(all[false].ToArray(), device: CPU));
            var (train, test) = (Part(gram, rest, rest), Part(gram, held, rest));
            var (known, truth) = (labels.cpu().index_select(0, rest), labels.cpu().index_select(0, held));
            for (var c = 0; c < ordered.Count; c++)
            {
                var candidate = prepared with { Kernel = SvmKernel.Precomputed, C = ordered[c] };
                using var machine = SupportVectorMachine.Fit(train, known, classes, candidate, cancellationToken);
                right[c] += machine.Scores(test, cancellationToken).argmax(1).eq(truth).sum().item<long>();
                progress?.Report(new WorkProgress("choosing C", part * ordered.Count + c + 1, parts * ordered.Count));
            }
        }

        Tensor Part(Tensor of, Tensor rows, Tensor columns)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var some = of.index_select(0, rows);
            cancellationToken.ThrowIfCancellationRequested();
            return some.index_select(1, columns);
        }

        return options with { C = ordered[Array.IndexOf(right, right.Max())] };
    }
}
