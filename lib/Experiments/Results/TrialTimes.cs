namespace DeviceId.Experiments;

/// <summary>Where a trial's time went. Shared steps that an earlier trial of the same process had done cost nothing again.</summary>
/// <param name="FrontEndSeconds">Features, background model, supervectors.</param>
/// <param name="FitSeconds">The system's learning.</param>
/// <param name="SampleMilliseconds">One segment, from its samples in memory to its scores: median of several, warm.</param>
internal sealed record TrialTimes(double FrontEndSeconds, double FitSeconds, double SampleMilliseconds);
