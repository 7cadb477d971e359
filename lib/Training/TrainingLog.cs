namespace DeviceId.Training;

/// <summary>A training, epoch by epoch.</summary>
/// <param name="Epochs">All epochs, those before a resumption included.</param>
internal sealed record TrainingLog(IReadOnlyList<EpochResult> Epochs);
