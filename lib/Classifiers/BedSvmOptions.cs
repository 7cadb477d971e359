using DeviceId.Data;
using DeviceId.Features;
using DeviceId.Foundation;

namespace DeviceId.Classifiers;

/// <summary>Settings of <see cref="BedSvm"/>.</summary>
[OptionsKind("bedSvm")]
public sealed record BedSvmOptions : ClassifierOptions
{
    /// <inheritdoc/>
    public override IEnumerable<string> ProblemsWith(FrontEndOptions frontEnd)
    {
        if (frontEnd.Features is not [BandEnergyDifferenceOptions] || frontEnd.StandardiseSegments)
            yield return "BED-SVM needs band energy differences as its only feature, and no standardisation: set "
                + "Features = [new BandEnergyDifferenceOptions()] and StandardiseSegments = false.";
    }

    /// <inheritdoc/>
    protected override IDeviceClassifier Make(ClassifierContext context) => new BedSvm();
}
