namespace DeviceId.Identification;

/// <summary>What a model says of a recording.</summary>
/// <param name="Candidates">All devices, the likeliest first.</param>
/// <param name="Strip">The same for each segment in its order, over the recording's length: a spliced recording changes its device.</param>
/// <param name="SegmentSeconds">Length of a segment (s).</param>
public sealed record Identification(IReadOnlyList<Candidate> Candidates, IReadOnlyList<IReadOnlyList<Candidate>> Strip, double SegmentSeconds);
