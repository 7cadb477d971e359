using DeviceId.Foundation;

namespace DeviceId.Identification;

/// <summary>Whether models notice what was done to recordings (<see cref="WarningStudy"/>).</summary>
/// <param name="Corpus">Name of the recordings.</param>
/// <param name="Fingerprint">Of their contents.</param>
/// <param name="IsSimulated">Whether they were made by the workbench.</param>
/// <param name="Rows">The recordings as they are, then after each degradation.</param>
/// <param name="Untested">Degradations that the machine could not make, each with the reason.</param>
/// <param name="Environment">What it was computed on.</param>
public sealed record WarningEvidence(string Corpus, string Fingerprint, bool IsSimulated, IReadOnlyList<WarningRow> Rows, IReadOnlyList<string> Untested, RunEnvironment Environment);
