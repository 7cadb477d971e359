namespace DeviceId.Identification;

/// <summary>What a model's training recordings, and its answers about those of them that were held out, can speak for.</summary>
/// <param name="Statistics">What the training recordings were like.</param>
/// <param name="Scorer">Where they are compared; null with too few devices.</param>
/// <param name="Similarity">What the comparison has taught; null with the space.</param>
internal sealed record TrainingDomain(TrainingStatistics Statistics, WccnCosineScorer? Scorer, SimilarityCalibration? Similarity)
{
    /// <summary>Where a questioned recording lies outside of it; empty where it does not.</summary>
    /// <param name="traits">What the recording is like.</param>
    /// <param name="spectrum">See <see cref="WccnCosineScorer.Spectrum"/>.</param>
    /// <param name="device">The device that is the likeliest to have made it.</param>
    public IReadOnlyList<DomainDifference> Differences(RecordingStatistics traits, double[] spectrum, string device) =>
        Scorer is not null && Similarity?.Difference(Scorer.Distance(spectrum)) is { } far
            ? [.. Statistics.Differences(traits, device), far] : [.. Statistics.Differences(traits, device)];
}
