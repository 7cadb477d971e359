using DeviceId.Corpora;
using static TorchSharp.torch;

namespace DeviceId.Data;

/// <summary>Samples that a model is tested on: the only dataset that an evaluator accepts.</summary>
internal sealed class TestDataset : DeviceDataset
{
    internal TestDataset(Tensor supervectors, Tensor segments, Tensor labels, IReadOnlyList<int> recordingOf, IReadOnlyList<string> devices,
        IReadOnlyList<Recording> recordings)
        : base(supervectors, segments, labels, recordingOf, devices, recordings)
    {
    }
}
