namespace DeviceId.Experiments;

/// <summary>What a trial leaves.</summary>
/// <param name="Result">Answers, times and facts.</param>
/// <param name="Scores">The scores that the answers were made from; null where there was no test segment.</param>
internal sealed record TrialOutcome(TrialResult Result, TrialScores? Scores);
