namespace DeviceId.Training;

/// <summary>One finished epoch.</summary>
/// <param name="Epoch">Number of the epoch, from 1.</param>
/// <param name="Loss">Mean loss, nats.</param>
/// <param name="Accuracy">Fraction of training samples that the deep output classified correctly (with dropout), in [0, 1].</param>
/// <param name="LearningRate">Adam's step size.</param>
/// <param name="Seconds">Duration in seconds.</param>
public sealed record EpochResult(int Epoch, double Loss, double Accuracy, double LearningRate, double Seconds)
{
    /// <summary>
    /// Fraction of held-out samples that the deep output classified correctly after this epoch, in [0, 1]; null if it was not evaluated.
    /// </summary>
    public double? HeldOutAccuracy { get; init; }
}
