using DeviceId.Data;
using DeviceId.Training;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>What a classifier needs to know when it is created.</summary>
/// <param name="FrontEnd">The front end that computes its samples; owned by the caller.</param>
/// <param name="Devices">Class names; a device's position is its label.</param>
/// <param name="Seed">Seed of all random choices.</param>
/// <param name="Device">Compute device.</param>
public sealed record ClassifierContext(FrontEnd FrontEnd, IReadOnlyList<string> Devices, long Seed, Device Device)
{
    /// <summary>The sizes of the samples and the number of classes.</summary>
    public SampleShape Shape => FrontEnd.Options.Shape(Devices.Count);

    /// <summary>Receives the progress of a network's training; null for no reports.</summary>
    internal IProgress<EpochReport>? Training { get; init; }

    /// <summary>Receives each finished epoch of a network's training; null for no reports.</summary>
    internal IProgress<EpochResult>? Epochs { get; init; }

    /// <summary>Checkpoints that a network's training saves to and resumes from; null for no checkpoints.</summary>
    internal Checkpoints? Checkpoints { get; init; }

    /// <summary>Test samples that a network is also evaluated on during its training, without effect on it; null for none.</summary>
    internal TestDataset? HeldOutTest { get; init; }
}
