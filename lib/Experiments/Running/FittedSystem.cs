using DeviceId.Audio;
using DeviceId.Classifiers;
using DeviceId.Corpora;
using DeviceId.Data;
using DeviceId.Evaluation;
using DeviceId.Models;
using DeviceId.Training;
using static TorchSharp.torch;

namespace DeviceId.Experiments;

/// <summary>A fitted front end and a trained classifier: maps recordings to predictions.</summary>
/// <param name="frontEnd">Computes samples from recordings; owned by the caller.</param>
/// <param name="classifier">Scores samples; disposed of with the system.</param>
/// <param name="device">Compute device.</param>
public sealed class FittedSystem(FrontEnd frontEnd, IDeviceClassifier classifier, Device device) : IDisposable
{
    /// <summary>The front end, which computes samples from recordings.</summary>
    public FrontEnd FrontEnd { get; } = frontEnd;

    /// <summary>The classifier, which scores samples.</summary>
    public IDeviceClassifier Classifier { get; } = classifier;

    /// <summary>The network; null for systems without one.</summary>
    public DeviceNetwork? Network => (Classifier as NetworkClassifier)?.Network;

    /// <summary>Training log of the network, one entry per epoch; null for systems without a network.</summary>
    public IReadOnlyList<EpochResult>? Log => (Classifier as NetworkClassifier)?.Log?.Epochs;

    /// <summary>Predictions of a network for the test samples after half of its epochs; null if there are none.</summary>
    public SystemPredictions? HalfWay =>
        HeldOutTest is not null && Classifier is NetworkClassifier { HalfWayOutputs: { Count: > 0 } outputs }
            ? Evaluator.Collect(PstnnOutput.FromNamed(outputs), HeldOutTest) : null;

    /// <summary>The test samples of <see cref="HalfWay"/>; null for none.</summary>
    internal TestDataset? HeldOutTest { get; init; }

    /// <summary>Predictions for test recordings.</summary>
    /// <param name="test">Recordings that were not used for training.</param>
    /// <param name="cancellationToken">Checked at least every few seconds.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public SystemPredictions Predict(TestSet test, CancellationToken cancellationToken = default)
    {
        using var samples = FrontEnd.Transform(test, cancellationToken: cancellationToken);
        return Predict(samples, cancellationToken);
    }

    /// <summary>Predictions for processed test recordings, such as degraded ones.</summary>
    /// <param name="test">The original recordings, with their devices.</param>
    /// <param name="clips">The processed samples of each recording, in the same order.</param>
    /// <param name="cancellationToken">Checked at least every few seconds.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public SystemPredictions Predict(TestSet test, IReadOnlyList<AudioClip> clips, CancellationToken cancellationToken = default)
    {
        using var samples = FrontEnd.Transform(test, clips, cancellationToken);
        return Predict(samples, cancellationToken);
    }

    /// <summary>Predictions for test samples.</summary>
    /// <param name="test">Samples from the same front end.</param>
    /// <param name="cancellationToken">Checked at least every few seconds.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal SystemPredictions Predict(TestDataset test, CancellationToken cancellationToken = default) => Network is { } network
        ? Evaluator.Evaluate(network, test, device, cancellationToken)
        : new SystemPredictions(null, null, Evaluator.Evaluate(Classifier, test, cancellationToken), null, AreProbabilities: false);

    /// <summary>Scores (segment, device) of a clip whose device is unknown.</summary>
    /// <param name="clip">The clip; if it is shorter than a frame, it has no segments.</param>
    public float[][] Score(AudioClip clip)
    {
        using var scope = NewDisposeScope();
        using var samples = FrontEnd.Transform(clip);
        if (samples.Segments.shape[0] == 0)
            return [];
        var scores = Classifier.Scores(samples);
        return [.. scores.data<float>().ToArray().Chunk((int)scores.shape[1])];
    }

    /// <summary>Frees the classifier.</summary>
    public void Dispose() => Classifier.Dispose();
}
