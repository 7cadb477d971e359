namespace DeviceId.Identification;

/// <summary>A model's training domain: the kind of recordings that it was trained and tested on.</summary>
/// <param name="Statistics">Ranges of the training recordings' statistics.</param>
/// <param name="Scorer">Similarity scorer; null if there were too few devices.</param>
/// <param name="Similarity">Calibration of the scorer; null if there is no scorer.</param>
internal sealed record TrainingDomain(TrainingStatistics Statistics, WccnCosineScorer? Scorer, SimilarityCalibration? Similarity)
{
    /// <summary>Differences of a questioned recording from the domain; empty for a recording within it.</summary>
    /// <param name="statistics">Statistics of the recording.</param>
    /// <param name="spectrum">See <see cref="WccnCosineScorer.Spectrum"/>.</param>
    /// <param name="device">The most probable device.</param>
    public IReadOnlyList<DomainDifference> Differences(RecordingStatistics statistics, double[] spectrum, string device) =>
        Scorer is not null && Similarity?.Difference(Scorer.Distance(spectrum)) is { } spectral
            ? [.. Statistics.Differences(statistics, device), spectral] : [.. Statistics.Differences(statistics, device)];
}
