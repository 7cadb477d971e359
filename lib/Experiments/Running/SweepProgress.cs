namespace DeviceId.Experiments;

/// <summary>Where a sweep stands, before each trial and after the last.</summary>
/// <param name="Done">Trials with a result.</param>
/// <param name="Total">All trials.</param>
/// <param name="Found">Those whose result was there already.</param>
/// <param name="Elapsed">Since the sweep began.</param>
/// <param name="Remaining">Time left at the pace of the trials that were run; null before the first.</param>
/// <param name="Next">The trial that is begun, in words; null after the last.</param>
internal sealed record SweepProgress(int Done, int Total, int Found, TimeSpan Elapsed, TimeSpan? Remaining, string? Next);
