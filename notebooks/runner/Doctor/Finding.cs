namespace DeviceId.Notebooks.Doctor;

/// <summary>What one check found.</summary>
/// <param name="Subject">What was looked at.</param>
/// <param name="State">How it is.</param>
/// <param name="Detail">What was seen.</param>
/// <param name="Advice">What to do next; empty where nothing is to be done.</param>
internal sealed record Finding(string Subject, FindingState State, string Detail, string Advice = "");
