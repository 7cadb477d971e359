using DeviceId.Data;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>Band energy differences, averaged over the segment, and a support vector machine with RBF kernel.</summary>
/// <remarks>
/// D. Luo, P. Korus, J. Huang, "Band energy difference for source attribution in audio forensics", IEEE TIFS 13(9), 2018. The differences stand behind the
/// cepstra in the segments (<see cref="AddedFeatures.BandEnergyDifferences"/>).
/// </remarks>
/// <param name="cepstra">Columns of the segments before the differences.</param>
public sealed class BedSvm(int cepstra) : SvmClassifier("BED-SVM", new SvmOptions { Kernel = SvmKernel.Rbf }, [1, 10, 100, 1000], standardise: true)
{
    /// <summary>Reads what <see cref="SvmClassifier.Save"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cepstra">Columns of the segments before the differences.</param>
    /// <exception cref="ModelFileException">The file cannot be used.</exception>
    public static BedSvm Load(string path, int cepstra)
    {
        var loaded = new BedSvm(cepstra);
        loaded.Restore(path);
        return loaded;
    }

    private protected override Tensor Describe(SampleBatch samples)
    {
        using var scope = NewDisposeScope();
        return samples.Segments.narrow(2, cepstra, samples.Segments.shape[2] - cepstra).mean([1]).MoveToOuterDisposeScope();
    }
}
