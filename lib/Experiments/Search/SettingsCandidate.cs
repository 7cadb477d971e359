using DeviceId.Classifiers;
using DeviceId.Data;

namespace DeviceId.Experiments;

/// <summary>Settings that a system may be trained with; the training recordings decide (<see cref="TrialSettings.Candidates"/>).</summary>
/// <param name="Name">Name of the settings in tables, such as "C = 10".</param>
/// <param name="FrontEnd">Settings of the front end.</param>
/// <param name="Classifier">Settings of the classifier.</param>
public sealed record SettingsCandidate(string Name, FrontEndOptions FrontEnd, ClassifierOptions Classifier);
