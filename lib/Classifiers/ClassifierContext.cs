using DeviceId.Data;
using DeviceId.Training;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>What a classifier is made for.</summary>
/// <param name="FrontEnd">Makes its samples; stays the caller's.</param>
/// <param name="Devices">Class names; a device's position is its label.</param>
/// <param name="Seed">Decides everything random.</param>
/// <param name="Device">Where the arithmetic runs.</param>
public sealed record ClassifierContext(FrontEnd FrontEnd, IReadOnlyList<string> Devices, long Seed, Device Device)
{
    /// <summary>The sizes of samples and labels.</summary>
    public SampleShape Shape => FrontEnd.Options.Shape(Devices.Count);

    /// <summary>Told about the training of a network.</summary>
    internal IProgress<EpochReport>? Training { get; init; }

    /// <summary>Where the training of a network keeps its state and resumes from; null for no checkpoints.</summary>
    internal Checkpoints? Checkpoints { get; init; }

    /// <summary>Test samples whose outputs are wanted when half of a network's epochs are done, too; null for none.</summary>
    internal TestDataset? HalfWayTest { get; init; }
}
