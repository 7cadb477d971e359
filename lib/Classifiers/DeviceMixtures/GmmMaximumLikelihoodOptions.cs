using DeviceId.Data;
using DeviceId.Foundation;
using DeviceId.Mixtures;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>Settings of <see cref="GmmMaximumLikelihood"/>.</summary>
[OptionsKind("gmmMaximumLikelihood")]
public sealed record GmmMaximumLikelihoodOptions : ClassifierOptions
{
    /// <summary>Settings of each device's mixture.</summary>
    public GmmOptions Mixture { get; init; } = new();

    /// <inheritdoc/>
    public override IEnumerable<string> Problems() => Mixture.Problems();

    /// <inheritdoc/>
    protected override IDeviceClassifier Make(ClassifierContext context) => new GmmMaximumLikelihood(this, context.Device);
}

/// <summary>
/// One Gaussian mixture per device, trained by maximum likelihood on all columns of its frames, without a background model. The score is
/// the mean log-likelihood per frame, in nats.
/// </summary>
/// <remarks>
/// D. A. Reynolds, R. C. Rose, "Robust text-independent speaker identification using Gaussian mixture speaker models", IEEE TSAP 3(1),
/// 1995. A constant channel is kept: it shifts all means. Training windows should not overlap: a frame in two windows counts twice.
/// </remarks>
/// <param name="options">Settings.</param>
/// <param name="device">Compute device.</param>
internal sealed class GmmMaximumLikelihood(GmmMaximumLikelihoodOptions options, Device device)
    : DeviceMixtureClassifier<GmmMaximumLikelihoodOptions>("GMM by maximum likelihood", options, device)
{
    /// <summary>Reads a file written by <see cref="DeviceMixtureClassifier{TOptions}.Save"/>.</summary>
    /// <exception cref="ModelFileException">The file cannot be used.</exception>
    public static GmmMaximumLikelihood Load(string path, Device device)
    {
        var loaded = new GmmMaximumLikelihood(new(), device);
        loaded.Restore(path);
        return loaded;
    }

    private protected override MixtureBank Train(
        TrainDataset train, IProgress<WorkProgress>? progress, CancellationToken cancellationToken) =>
        MixtureBank.Fit(train.Segments, train.Labels, train.Devices.Count, Options.Mixture, Device, progress, cancellationToken);
}
