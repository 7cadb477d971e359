namespace DeviceId.Identification;

/// <summary>A device that may have made a recording.</summary>
/// <param name="Device">Its name.</param>
/// <param name="Probability">Calibrated, in [0, 1]; all candidates' together are 1: it holds only where one of them made the recording.</param>
public readonly record struct Candidate(string Device, double Probability);
