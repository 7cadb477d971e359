using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>The vectors of the training samples, which projections and decisions are fitted to.</summary>
/// <param name="Values">(sample, value), float64 on the CPU.</param>
/// <param name="Labels">Class of each sample (sample), int64 on the CPU.</param>
/// <param name="Classes">Number of classes.</param>
/// <param name="Sentences">Sentence of each sample: samples of one sentence are never on both sides of a cross-validation.</param>
/// <param name="Seed">Seed of all random choices.</param>
internal sealed record TrainingVectors(Tensor Values, Tensor Labels, int Classes, IReadOnlyList<string> Sentences, long Seed)
{
    /// <summary>Number of samples.</summary>
    public long Count => Values.shape[0];

    /// <summary>Number of values of a vector.</summary>
    public long Length => Values.shape[1];

    /// <summary>Membership (sample, class), float64: 1 where the sample is of the class.</summary>
    public Tensor Membership() => MembershipOf(Labels, Classes);

    /// <summary>Number of samples of each class (class), float64.</summary>
    public Tensor Counts() => Membership().sum([0]);

    /// <summary>Mean of each class (class, value); zero for a class without samples.</summary>
    public Tensor Means()
    {
        using var scope = NewDisposeScope();
        var membership = Membership();
        return (membership.t().mm(Values) / membership.sum([0]).clamp_min(1).unsqueeze(1)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Scatter within the classes (value, value): mean of (x - m)(x - m)' over the samples, with m the mean of the class.
    /// </summary>
    public Tensor WithinScatter()
    {
        using var scope = NewDisposeScope();
        var centred = Values - Means().index_select(0, Labels);
        return (centred.t().mm(centred) / Count).MoveToOuterDisposeScope();
    }

    /// <summary>At most a number of samples of each class, evenly spaced over its samples.</summary>
    /// <param name="perClass">How many; 0 for all.</param>
    public TrainingVectors Limit(int perClass)
    {
        if (perClass == 0)
            return this;
        using var scope = NewDisposeScope();
        var samples = Labels.data<long>().Select((label, i) => (label, i)).GroupBy(pair => pair.label, pair => pair.i)
            .SelectMany(members => Spaced([.. members], perClass)).Order().ToList();
        var rows = tensor(samples.Select(i => (long)i).ToArray(), device: CPU);
        return this with
        {
            Values = Values.index_select(0, rows).MoveToOuterDisposeScope(),
            Labels = Labels.index_select(0, rows).MoveToOuterDisposeScope(),
            Sentences = [.. samples.Select(i => Sentences[i])],
        };
    }

    /// <summary>Membership (sample, class) of labels (sample), float64.</summary>
    public static Tensor MembershipOf(Tensor labels, int classes) =>
        zeros([labels.shape[0], classes], ScalarType.Float64, labels.device).scatter_(1, labels.unsqueeze(1), OnesFor(labels));

    private static Tensor OnesFor(Tensor labels) => ones([labels.shape[0], 1], ScalarType.Float64, labels.device);

    private static IEnumerable<int> Spaced(int[] members, int count) => members.Length <= count
        ? members
        : Enumerable.Range(0, count).Select(i => members[(int)((long)i * members.Length / count)]);
}
