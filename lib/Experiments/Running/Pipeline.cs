using DeviceId.Classifiers;
using DeviceId.Corpora;
using DeviceId.Data;
using DeviceId.Features;
using DeviceId.Foundation;
using DeviceId.Mixtures;
using DeviceId.Training;
using static TorchSharp.torch;

namespace DeviceId.Experiments;

/// <summary>From recordings to a system that answers: fit the front end, train the classifier. The only place where this is done.</summary>
/// <param name="cacheFolder">Where features are kept.</param>
/// <param name="device">Where the arithmetic runs.</param>
internal sealed class Pipeline(string cacheFolder, Device device)
{
    /// <summary>Told about features, background model and the learning of systems without a network.</summary>
    public IProgress<WorkProgress>? Work { get; init; }

    /// <summary>Told about the training of networks.</summary>
    public IProgress<EpochReport>? Training { get; init; }

    /// <summary>Where the arithmetic runs.</summary>
    public Device Device { get; } = device;

    /// <summary>Fits the front end: features, background model, standardisation, training samples.</summary>
    /// <param name="train">The training recordings.</param>
    /// <param name="options">How recordings become samples.</param>
    /// <param name="background">
    /// A background model from elsewhere, which stays the caller's; null to train one on the training recordings.
    /// </param>
    /// <param name="cancellationToken">Asked at least every few seconds.</param>
    /// <exception cref="OptionsException">The settings cannot be used.</exception>
    /// <exception cref="CorpusException">Nothing could be learnt of a device.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public PreparedSamples Prepare(
        TrainSet train, FrontEndOptions options, DiagonalGmm? background = null, CancellationToken cancellationToken = default)
    {
        options.Validate();
        var store = new FeatureStore(cacheFolder, options.CreateFeatures(Device));
        var (frontEnd, samples) = FrontEnd.Fit(train, options, store, Device, background, Work, cancellationToken);
        return new PreparedSamples(frontEnd, samples);
    }

    /// <summary>Trains a classifier on prepared samples.</summary>
    /// <param name="samples">The samples; they stay the caller's, as does the front end, which must outlive the system.</param>
    /// <param name="classifier">What learns.</param>
    /// <param name="seed">Decides everything random.</param>
    /// <param name="halfWayTest">Test samples that a network is asked about when half of its epochs are done, too; null for none.</param>
    /// <param name="checkpoints">Where the training of a network keeps its state and resumes from; null for no checkpoints.</param>
    /// <param name="cancellationToken">Asked at least every few seconds.</param>
    /// <exception cref="OptionsException">The settings cannot be used, or not with this front end.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; a network's state is in the checkpoint.</exception>
    public FittedSystem Train(
        PreparedSamples samples, ClassifierOptions classifier, long seed, TestDataset? halfWayTest = null, Checkpoints? checkpoints = null,
        CancellationToken cancellationToken = default)
    {
        var context = new ClassifierContext(samples.FrontEnd, samples.Train.Devices, seed, Device)
        {
            Training = Training, Checkpoints = checkpoints, HalfWayTest = halfWayTest,
        };
        var system = classifier.Create(context);
        try
        {
            system.Fit(samples.Train, Work, cancellationToken);
            return new FittedSystem(samples.FrontEnd, system, Device) { HalfWayTest = halfWayTest };
        }
        catch
        {
            system.Dispose();
            throw;
        }
    }
}
