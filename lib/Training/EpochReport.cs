using DeviceId.Foundation;

namespace DeviceId.Training;

/// <summary>Progress of a training, reported after each batch.</summary>
/// <param name="Epoch">The epoch in progress, from 1.</param>
/// <param name="Epochs">Epochs in all.</param>
/// <param name="Batch">Batches done in this epoch, from 1.</param>
/// <param name="Batches">Batches of an epoch.</param>
/// <param name="Loss">Mean loss of this epoch so far, nats.</param>
/// <param name="Accuracy">Share of this epoch's training samples that the deep output had right, in [0, 1].</param>
/// <param name="Elapsed">Time since the training began or was resumed.</param>
/// <param name="Remaining">Time left at the pace so far.</param>
internal sealed record EpochReport(
    int Epoch, int Epochs, int Batch, int Batches, double Loss, double Accuracy, TimeSpan Elapsed, TimeSpan Remaining);

/// <summary>A training as one piece of work with a name, for those who are told about work.</summary>
/// <param name="work">The name: "sentence-001: clean network".</param>
/// <param name="progress">Told.</param>
internal sealed class EpochProgress(string work, IProgress<WorkProgress> progress) : IProgress<EpochReport>
{
    /// <inheritdoc/>
    public void Report(EpochReport value) => progress.Report(new WorkProgress(
        work, value.Batch + ((long)value.Batches * (value.Epoch - 1)), (long)value.Batches * value.Epochs,
        FormattableString.Invariant($"loss {value.Loss:0.000}")));
}
