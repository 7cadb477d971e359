using System.Text.Json.Nodes;

namespace DeviceId.Benchmarks;

/// <summary>A computation that this library and a peer library both run on the same input.</summary>
/// <param name="Work">The computation and its size, for the table.</param>
/// <param name="PeerName">The peer library.</param>
/// <param name="Target">Target of the ratio, for the table.</param>
/// <param name="Ours">Runs the computation with this library.</param>
/// <param name="PeerRequest">The request to the peer process; "threads" is set before each run.</param>
/// <param name="PeerThreads">Thread counts to try for the peer; the fastest is used.</param>
internal sealed record Comparison(
    string Work, string PeerName, string Target, Action Ours, JsonObject PeerRequest, IReadOnlyList<int> PeerThreads);
