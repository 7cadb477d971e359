using DeviceId.Foundation;

namespace DeviceId.Data;

/// <summary>A system that learns devices from training samples and scores others: the networks, and what they are compared with.</summary>
public interface IDeviceClassifier : IDisposable
{
    /// <summary>Learns.</summary>
    /// <param name="train">The training samples; a type that test samples do not have.</param>
    /// <param name="progress">Told how far the learning is.</param>
    /// <param name="cancellationToken">Asked at least every few seconds.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    void Fit(TrainDataset train, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>Scores of each sample.</summary>
    /// <param name="samples">Samples of the same front end.</param>
    /// <param name="cancellationToken">Asked at least every few seconds.</param>
    /// <returns>(sample, device), float32 on the CPU, the greater the likelier; a recording's score is the sum over its samples.</returns>
    /// <exception cref="InvalidOperationException">Nothing has been learnt yet.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    TorchSharp.torch.Tensor Scores(SampleBatch samples, CancellationToken cancellationToken = default);

    /// <summary>Writes what was learnt to a file, whole or not at all; each class has a <c>Load</c> that reads it.</summary>
    /// <param name="path">The file.</param>
    void Save(string path);
}
