using DeviceId.Foundation;

namespace DeviceId.Training;

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
