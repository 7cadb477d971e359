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
            yield return "BED-SVM reads band energy differences and nothing else, not standardised: "
                + "Features = [new BandEnergyDifferenceOptions()], StandardiseSegments = false.";
    }

    /// <inheritdoc/>
    protected override IDeviceClassifier Make(ClassifierContext context) => new BedSvm();
}
