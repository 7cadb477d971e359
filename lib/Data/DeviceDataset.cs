using DeviceId.Corpora;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Data;

/// <summary>Labelled samples of a set of recordings, as tensors.</summary>
public abstract class DeviceDataset : IDisposable
{
    private protected DeviceDataset(Tensor supervectors, Tensor segments, Tensor labels, IReadOnlyList<int> recordingOf,
        IReadOnlyList<string> devices, IReadOnlyList<Recording> recordings)
    {
        var count = labels.shape[0];
        if (supervectors.shape[0] != count || segments.shape[0] != count || recordingOf.Count != count)
            throw new ArgumentException($"The numbers of samples differ: {supervectors.shape[0]} supervectors, "
                + $"{segments.shape[0]} segments, {count} labels, {recordingOf.Count} recording indices.");
        if (labels.dtype != ScalarType.Int64)
            throw new ArgumentException($"Labels must be int64, not {labels.dtype}.");
        Supervectors = supervectors.DetachFromDisposeScope();
        Segments = segments.DetachFromDisposeScope();
        Labels = labels.DetachFromDisposeScope();
        (RecordingOf, Devices, Recordings) = (recordingOf, devices, recordings);
    }

    /// <summary>Supervectors, the spatial input: float32 (sample, component x coefficient), component-major.</summary>
    public Tensor Supervectors { get; }

    /// <summary>Segments, the temporal input: float32 (sample, frame, coefficient).</summary>
    public Tensor Segments { get; }

    /// <summary>Class of each sample, int64 (sample): the index of its device in <see cref="Devices"/>.</summary>
    public Tensor Labels { get; }

    /// <summary>For each sample, the index of its recording in <see cref="Recordings"/>.</summary>
    public IReadOnlyList<int> RecordingOf { get; }

    /// <summary>Class names; a device's index is its label.</summary>
    public IReadOnlyList<string> Devices { get; }

    /// <summary>The recordings that the samples were cut from.</summary>
    public IReadOnlyList<Recording> Recordings { get; }

    /// <summary>Number of samples.</summary>
    public int Count => RecordingOf.Count;

    /// <summary>The device that a sample comes from.</summary>
    public string DeviceOf(int sample) => Recordings[RecordingOf[sample]].Device;

    /// <summary>Frees the three tensors.</summary>
    public void Dispose()
    {
        Supervectors.Dispose();
        Segments.Dispose();
        Labels.Dispose();
        GC.SuppressFinalize(this);
    }
}
