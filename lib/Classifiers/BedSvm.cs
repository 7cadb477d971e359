using DeviceId.Data;
using DeviceId.Features;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>Band energy differences, averaged over the segment, and a support vector machine with RBF kernel.</summary>
/// <remarks>
/// D. Luo, P. Korus, J. Huang, "Band energy difference for source attribution in audio forensics", IEEE TIFS 13(9), 2018. The segments
/// contain band energy differences only (<see cref="BandEnergyDifferenceOptions"/>).
/// </remarks>
internal sealed class BedSvm()
    : SvmClassifier("BED-SVM", new SvmOptions { Kernel = SvmKernel.Rbf }, [1, 10, 100, 1000], standardise: true)
{
    /// <summary>Reads a file written by <see cref="SvmClassifier.Save"/>.</summary>
    /// <exception cref="ModelFileException">The file cannot be used.</exception>
    public static BedSvm Load(string path)
    {
        var loaded = new BedSvm();
        loaded.Restore(path);
        return loaded;
    }

    private protected override Tensor ComputeVectors(SampleBatch samples) => samples.Segments.mean([1]);
}
