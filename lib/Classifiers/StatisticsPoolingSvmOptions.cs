using DeviceId.Data;
using DeviceId.Foundation;

namespace DeviceId.Classifiers;

/// <summary>Settings of <see cref="StatisticsPoolingSvm"/>.</summary>
[OptionsKind("statisticsPoolingSvm")]
public sealed record StatisticsPoolingSvmOptions : ClassifierOptions
{
    /// <inheritdoc/>
    protected override IDeviceClassifier Make(ClassifierContext context) => new StatisticsPoolingSvm();
}
