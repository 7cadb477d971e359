using DeviceId.Foundation;

namespace DeviceId.Training;

/// <summary>Progress of a training, reported after each batch.</summary>
/// <param name="Epoch">Number of the current epoch, from 1.</param>
/// <param name="Epochs">Epochs in all.</param>
/// <param name="Batch">Batches finished in this epoch, from 1.</param>
/// <param name="Batches">Batches in an epoch.</param>
/// <param name="Loss">Mean loss of this epoch so far, nats.</param>
/// <param name="Accuracy">Fraction of this epoch's training samples that the deep output classified correctly, in [0, 1].</param>
/// <param name="Elapsed">Time since the training started or was resumed.</param>
/// <param name="Remaining">Estimated time left at the speed so far.</param>
internal sealed record EpochReport(
    int Epoch, int Epochs, int Batch, int Batches, double Loss, double Accuracy, TimeSpan Elapsed, TimeSpan Remaining);

/// <summary>Reports a training as a named computation to a progress display.</summary>
/// <param name="work">The name: "sentence-001: clean network".</param>
/// <param name="progress">Receives the reports.</param>
internal sealed class EpochProgress(string work, IProgress<WorkProgress> progress) : IProgress<EpochReport>
{
    /// <inheritdoc/>
    public void Report(EpochReport value) => progress.Report(new WorkProgress(
        work, value.Batch + ((long)value.Batches * (value.Epoch - 1)), (long)value.Batches * value.Epochs,
        FormattableString.Invariant($"loss {value.Loss:0.000}")));
}
