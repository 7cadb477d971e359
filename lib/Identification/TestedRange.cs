namespace DeviceId.Identification;

/// <summary>What a model's training recordings, and its answers about those of them that were held out, can speak for.</summary>
/// <param name="Traits">What the training recordings were like.</param>
/// <param name="Space">Where they are compared; null with too few devices.</param>
/// <param name="Likeness">What the comparison has taught; null with the space.</param>
internal sealed record TestedRange(TrainingTraits Traits, DeviceSpace? Space, LikenessCalibration? Likeness)
{
    /// <summary>Where a questioned recording lies outside of it; empty where it does not.</summary>
    /// <param name="traits">What the recording is like.</param>
    /// <param name="spectrum">See <see cref="DeviceSpace.Spectrum"/>.</param>
    /// <param name="device">The device that is the likeliest to have made it.</param>
    public IReadOnlyList<TraitDifference> Differences(RecordingTraits traits, double[] spectrum, string device) =>
        Space is not null && Likeness?.Difference(Space.Distance(spectrum)) is { } far ? [.. Traits.Differences(traits, device), far] : [.. Traits.Differences(traits, device)];
}
