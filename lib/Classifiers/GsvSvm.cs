using DeviceId.Data;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>GSV-SVM: a linear support vector machine on GMM supervectors.</summary>
/// <remarks>
/// W. M. Campbell, D. E. Sturim, D. A. Reynolds, "Support vector machines using GMM supervectors for speaker verification", SPL 13(5),
/// 2006. With means scaled by sqrt(weight) / standard deviation, the inner product of two supervectors is the kernel derived from an upper
/// bound of the Kullback-Leibler divergence between the two adapted mixtures. The front end must therefore use
/// <see cref="Mixtures.SupervectorScaling.KullbackLeibler"/>, and the supervectors must not be standardised.
/// </remarks>
internal sealed class GsvSvm() : SvmClassifier("GSV-SVM", new SvmOptions(), [0.1, 1, 10, 100], standardise: false)
{
    /// <summary>Reads a file written by <see cref="SvmClassifier.Save"/>.</summary>
    /// <exception cref="ModelFileException">The file cannot be used.</exception>
    public static GsvSvm Load(string path)
    {
        var loaded = new GsvSvm();
        loaded.Restore(path);
        return loaded;
    }

    private protected override Tensor ComputeVectors(SampleBatch samples) => samples.Supervectors.alias();
}
