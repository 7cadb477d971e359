namespace DeviceId.Training;

/// <summary>One finished epoch.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="Loss">Mean loss, nats.</param>
/// <param name="Accuracy">Share of training samples that the deep output had right (dropout on), in [0, 1].</param>
/// <param name="LearningRate">Adam's step size.</param>
/// <param name="Seconds">Time taken.</param>
public sealed record EpochResult(int Epoch, double Loss, double Accuracy, double LearningRate, double Seconds);
