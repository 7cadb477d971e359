using DeviceId.Classifiers;
using DeviceId.Corpora;
using DeviceId.Data;
using DeviceId.Features;
using DeviceId.Foundation;
using DeviceId.Mixtures;
using DeviceId.Training;
using static TorchSharp.torch;

namespace DeviceId.Experiments;

/// <summary>From recordings to a trained system: fits the front end and trains the classifier. All systems are made here.</summary>
/// <param name="cacheFolder">Folder of the feature store.</param>
/// <param name="device">Compute device.</param>
internal sealed class Pipeline(string cacheFolder, Device device)
{
    /// <summary>Receives the progress of features, background model and the training of systems without a network.</summary>
    public IProgress<WorkProgress>? Work { get; init; }

    /// <summary>Receives the progress of the training of networks.</summary>
    public IProgress<EpochReport>? Training { get; init; }

    /// <summary>Compute device.</summary>
    public Device Device { get; } = device;

    /// <summary>Fits the front end: features, background model, standardisation, training samples.</summary>
    /// <param name="train">The training recordings.</param>
    /// <param name="options">Settings of the front end.</param>
    /// <param name="background">
    /// An existing background model, owned by the caller; null to train one on the training recordings.
    /// </param>
    /// <param name="cancellationToken">Checked at least every few seconds.</param>
    /// <exception cref="OptionsException">The settings are invalid.</exception>
    /// <exception cref="CorpusException">There are no training samples of a device.</exception>
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
    /// <param name="samples">The samples and their front end; owned by the caller. The front end must outlive the system.</param>
    /// <param name="classifier">Settings of the classifier.</param>
    /// <param name="seed">Seed of all random choices.</param>
    /// <param name="heldOutTest">Test samples that a network is also evaluated on during its training; null for none.</param>
    /// <param name="checkpoints">Checkpoints that a network's training saves to and resumes from; null for no checkpoints.</param>
    /// <param name="epochs">Receives each finished epoch of a network's training, such as for a log; null for no reports.</param>
    /// <param name="cancellationToken">Checked at least every few seconds.</param>
    /// <exception cref="OptionsException">The settings are invalid, or do not fit this front end.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; a network's state is in the checkpoint.</exception>
    public FittedSystem Train(
        PreparedSamples samples, ClassifierOptions classifier, long seed, TestDataset? heldOutTest = null, Checkpoints? checkpoints = null,
        IProgress<EpochResult>? epochs = null, CancellationToken cancellationToken = default)
    {
        var context = new ClassifierContext(samples.FrontEnd, samples.Train.Devices, seed, Device)
        {
            Training = Training, Epochs = epochs, Checkpoints = checkpoints, HeldOutTest = heldOutTest,
        };
        var system = classifier.Create(context);
        try
        {
            system.Fit(samples.Train, Work, cancellationToken);
            return new FittedSystem(samples.FrontEnd, system, Device) { HeldOutTest = heldOutTest };
        }
        catch
        {
            system.Dispose();
            throw;
        }
    }
}
