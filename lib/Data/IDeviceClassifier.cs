using DeviceId.Foundation;

namespace DeviceId.Data;

/// <summary>A classifier that is trained on samples of known devices and scores others: the networks, and the baselines.</summary>
public interface IDeviceClassifier : IDisposable
{
    /// <summary>Trains the classifier.</summary>
    /// <param name="train">The training samples; test samples have another type, so they cannot be passed here.</param>
    /// <param name="progress">Receives the progress of the training.</param>
    /// <param name="cancellationToken">Checked at least every few seconds.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    void Fit(TrainDataset train, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>Scores each sample for each device.</summary>
    /// <param name="samples">Samples of the same front end.</param>
    /// <param name="cancellationToken">Checked at least every few seconds.</param>
    /// <returns>
    /// (sample, device), float32 on the CPU; a higher score means a more likely device. A recording's score is the sum over its samples.
    /// </returns>
    /// <exception cref="InvalidOperationException">The classifier has not been trained.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    TorchSharp.torch.Tensor Scores(SampleBatch samples, CancellationToken cancellationToken = default);

    /// <summary>Writes the trained classifier to a file, atomically; each class has a <c>Load</c> that reads it.</summary>
    /// <param name="path">The file.</param>
    void Save(string path);
}
