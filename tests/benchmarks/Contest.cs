using System.Text.Json.Nodes;

namespace DeviceId.Benchmarks;

/// <summary>One piece of work that both sides do on the same input.</summary>
/// <param name="Work">What is done, with its size.</param>
/// <param name="Opponent">Who else does it.</param>
/// <param name="Target">What is to be reached, in words.</param>
/// <param name="Ours">Does it here.</param>
/// <param name="Theirs">The request; "threads" is set to the number at which the opponent is at its best.</param>
/// <param name="PeerThreads">The thread counts that the opponent may choose from.</param>
internal sealed record Contest(string Work, string Opponent, string Target, Action Ours, JsonObject Theirs, IReadOnlyList<int> PeerThreads);
