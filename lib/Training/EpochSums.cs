namespace DeviceId.Training;

/// <summary>Running sums of the current epoch.</summary>
/// <param name="Batches">Batches done.</param>
/// <param name="Loss">Sum of the loss over the samples seen, nats.</param>
/// <param name="Right">Samples that the deep output classified correctly.</param>
/// <param name="Seen">Samples seen.</param>
/// <param name="Seconds">Time taken, without interruptions.</param>
internal sealed record EpochSums(int Batches, double Loss, long Right, long Seen, double Seconds)
{
    /// <summary>Before the first batch.</summary>
    public static EpochSums None { get; } = new(0, 0, 0, 0, 0);

    /// <summary>Mean loss so far, nats.</summary>
    public double MeanLoss() => Loss / Seen;

    /// <summary>Fraction of samples classified correctly so far, in [0, 1].</summary>
    public double Accuracy() => Right / (double)Seen;

    /// <summary>Whether a training can have produced these numbers.</summary>
    public bool IsPossible() =>
        Batches >= 0 && Seen >= Batches && Right >= 0 && Right <= Seen
        && double.IsFinite(Loss) && double.IsFinite(Seconds) && Seconds >= 0;
}
