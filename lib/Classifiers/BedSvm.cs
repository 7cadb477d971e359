using DeviceId.Data;
using DeviceId.Features;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>Band energy differences, averaged over the segment, and a support vector machine with RBF kernel.</summary>
/// <remarks>
/// D. Luo, P. Korus, J. Huang, "Band energy difference for source attribution in audio forensics", IEEE TIFS 13(9), 2018. The segments hold
/// the differences and nothing else (<see cref="BandEnergyDifferenceOptions"/>).
/// </remarks>
internal sealed class BedSvm()
    : SvmClassifier("BED-SVM", new SvmOptions { Kernel = SvmKernel.Rbf }, [1, 10, 100, 1000], standardise: true)
{
    /// <summary>Reads what <see cref="SvmClassifier.Save"/> wrote.</summary>
    /// <exception cref="ModelFileException">The file cannot be used.</exception>
    public static BedSvm Load(string path)
    {
        var loaded = new BedSvm();
        loaded.Restore(path);
        return loaded;
    }

    private protected override Tensor Describe(SampleBatch samples) => samples.Segments.mean([1]);
}
