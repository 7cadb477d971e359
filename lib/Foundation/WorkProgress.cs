namespace DeviceId.Foundation;

/// <summary>Progress of a long computation; reported through <see cref="IProgress{T}"/>, drawn by Reporting.</summary>
/// <param name="Work">What is being done, as a short phrase: "MFCC", "background model".</param>
/// <param name="Done">Units finished.</param>
/// <param name="Total">Units in all.</param>
/// <param name="Detail">What to show beside the bar (a loss, a log-likelihood), or null.</param>
public sealed record WorkProgress(string Work, long Done, long Total, string? Detail = null);
