using DeviceId.Data;
using DeviceId.Foundation;

namespace DeviceId.Classifiers;

/// <summary>Settings of <see cref="GmmUbm"/>: background model and relevance factor are the front end's.</summary>
[OptionsKind("gmmUbm")]
public sealed record GmmUbmOptions : ClassifierOptions
{
    /// <inheritdoc/>
    public override IEnumerable<string> ProblemsWith(FrontEndOptions frontEnd)
    {
        if (!frontEnd.WithSupervectors)
            yield return "GMM-UBM adapts a background model, and WithSupervectors is off: there is none.";
        if (frontEnd.StandardiseSegments)
            yield return "GMM-UBM scores the frames as the background model saw them: switch StandardiseSegments off.";
        if (frontEnd.BackgroundFeature != 0)
            yield return "GMM-UBM reads the first feature's columns: the background model must be that feature's.";
    }

    /// <inheritdoc/>
    protected override IDeviceClassifier Make(ClassifierContext context) =>
        new GmmUbm(context.FrontEnd.Background!, context.FrontEnd.Options.RelevanceFactor, context.Device);
}
