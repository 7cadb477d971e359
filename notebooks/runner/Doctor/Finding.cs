namespace DeviceId.Notebooks.Doctor;

/// <summary>The result of one check.</summary>
/// <param name="Subject">What was checked.</param>
/// <param name="State">Whether it is in order.</param>
/// <param name="Detail">What the check found.</param>
/// <param name="Advice">What to do next; empty for nothing.</param>
internal sealed record Finding(string Subject, FindingState State, string Detail, string Advice = "");
