using DeviceId.Foundation;

namespace DeviceId.Identification;

/// <summary>What models of a corpus have said of recordings that they had not learnt from (<see cref="PhoneModelStudy"/>).</summary>
/// <param name="Corpus">Name of the recordings.</param>
/// <param name="Fingerprint">Of their contents.</param>
/// <param name="IsSimulated">Whether they were made by the workbench.</param>
/// <param name="Devices">How many.</param>
/// <param name="Recordings">First candidates of whole recordings, calibrated.</param>
/// <param name="Segments">First candidates of segments, calibrated.</param>
/// <param name="Unknowns">The same recordings, asked of models some of which do not know their device.</param>
/// <param name="Trials">Logarithms of likelihood ratios: of known recordings for their device, of unknown ones for every device.</param>
/// <param name="Splices">Recordings put together from two devices, and others.</param>
/// <param name="Environment">What it was computed on.</param>
/// <param name="Minutes">How long it took.</param>
public sealed record PhoneModelEvidence(
    string Corpus, string Fingerprint, bool IsSimulated, int Devices, IReadOnlyList<JudgedAnswer> Recordings, IReadOnlyList<JudgedAnswer> Segments, IReadOnlyList<JudgedUnknown> Unknowns,
    IReadOnlyList<DeviceTrial> Trials, IReadOnlyList<JudgedSplice> Splices, RunEnvironment Environment, double Minutes);
