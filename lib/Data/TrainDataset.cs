using DeviceId.Corpora;
using static TorchSharp.torch;

namespace DeviceId.Data;

/// <summary>Samples that a model is trained on: the only dataset that a trainer accepts.</summary>
public sealed class TrainDataset : DeviceDataset
{
    internal TrainDataset(Tensor supervectors, Tensor segments, Tensor labels, IReadOnlyList<int> recordingOf,
        IReadOnlyList<string> devices, IReadOnlyList<Recording> recordings)
        : base(supervectors, segments, labels, recordingOf, devices, recordings)
    {
    }
}
