using DeviceId.Corpora;
using static TorchSharp.torch;

namespace DeviceId.Data;

/// <summary>Samples that a model is judged on: the only dataset an evaluator takes.</summary>
internal sealed class TestDataset : DeviceDataset
{
    internal TestDataset(Tensor supervectors, Tensor segments, Tensor labels, IReadOnlyList<int> recordingOf, IReadOnlyList<string> devices,
        IReadOnlyList<Recording> recordings)
        : base(supervectors, segments, labels, recordingOf, devices, recordings)
    {
    }
}
