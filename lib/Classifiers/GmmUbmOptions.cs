using DeviceId.Data;
using DeviceId.Foundation;

namespace DeviceId.Classifiers;

/// <summary>Settings of <see cref="GmmUbm"/>. The background model and the relevance factor are taken from the front end.</summary>
[OptionsKind("gmmUbm")]
public sealed record GmmUbmOptions : ClassifierOptions
{
    /// <inheritdoc/>
    public override IEnumerable<string> ProblemsWith(FrontEndOptions frontEnd)
    {
        if (!frontEnd.WithSupervectors)
            yield return "GMM-UBM needs a background model, but WithSupervectors is off: switch it on.";
        if (frontEnd.StandardiseSegments)
            yield return "GMM-UBM needs the frames as the background model was trained on them: switch StandardiseSegments off.";
        if (frontEnd.BackgroundFeature != 0)
            yield return "GMM-UBM reads the columns of the first feature: train the background model on it (BackgroundFeature = 0).";
    }

    /// <inheritdoc/>
    protected override IDeviceClassifier Make(ClassifierContext context) =>
        new GmmUbm(context.FrontEnd.Background!, context.FrontEnd.Options.RelevanceFactor, context.Device);
}
