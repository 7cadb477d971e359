using DeviceId.Data;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>
/// Statistics-pooling SVM: mean and standard deviation of each column over the segment, classified by a linear support vector machine. The
/// baseline that every system must beat.
/// </summary>
internal sealed class StatisticsPoolingSvm()
    : SvmClassifier("statistics-pooling SVM", new SvmOptions(), [0.01, 0.1, 1, 10], standardise: true)
{
    /// <summary>Reads a file written by <see cref="SvmClassifier.Save"/>.</summary>
    /// <exception cref="ModelFileException">The file cannot be used.</exception>
    public static StatisticsPoolingSvm Load(string path)
    {
        var loaded = new StatisticsPoolingSvm();
        loaded.Restore(path);
        return loaded;
    }

    private protected override Tensor ComputeVectors(SampleBatch samples)
    {
        using var scope = NewDisposeScope();
        var mean = samples.Segments.mean([1], keepdim: true);
        var standardDeviation = (samples.Segments - mean).square().mean([1]).sqrt();
        return cat([mean.squeeze(1), standardDeviation], 1).MoveToOuterDisposeScope();
    }
}
