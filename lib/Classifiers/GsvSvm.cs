using DeviceId.Data;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>Supervectors and a linear support vector machine.</summary>
/// <remarks>
/// W. M. Campbell, D. E. Sturim, D. A. Reynolds, "Support vector machines using GMM supervectors for speaker verification", SPL 13(5),
/// 2006: with means scaled by sqrt(weight) / deviation the inner product is the kernel that bounds the Kullback-Leibler divergence of two
/// adapted mixtures. So the front end must scale so (<see cref="Mixtures.SupervectorScaling.KullbackLeibler"/>) and must not standardise.
/// </remarks>
internal sealed class GsvSvm() : SvmClassifier("GSV-SVM", new SvmOptions(), [0.1, 1, 10, 100], standardise: false)
{
    /// <summary>Reads what <see cref="SvmClassifier.Save"/> wrote.</summary>
    /// <exception cref="ModelFileException">The file cannot be used.</exception>
    public static GsvSvm Load(string path)
    {
        var loaded = new GsvSvm();
        loaded.Restore(path);
        return loaded;
    }

    private protected override Tensor Describe(SampleBatch samples) => samples.Supervectors.alias();
}
