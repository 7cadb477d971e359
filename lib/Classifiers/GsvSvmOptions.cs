using DeviceId.Data;
using DeviceId.Foundation;

namespace DeviceId.Classifiers;

/// <summary>Settings of <see cref="GsvSvm"/>.</summary>
[OptionsKind("gsvSvm")]
public sealed record GsvSvmOptions : ClassifierOptions
{
    /// <inheritdoc/>
    public override IEnumerable<string> ProblemsWith(FrontEndOptions frontEnd)
    {
        if (!frontEnd.WithSupervectors)
            yield return "GSV-SVM needs supervectors, but WithSupervectors is off: switch it on.";
    }

    /// <inheritdoc/>
    protected override IDeviceClassifier Make(ClassifierContext context) => new GsvSvm();
}
