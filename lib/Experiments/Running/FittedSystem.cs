using DeviceId.Audio;
using DeviceId.Classifiers;
using DeviceId.Corpora;
using DeviceId.Data;
using DeviceId.Evaluation;
using DeviceId.Models;
using DeviceId.Training;
using static TorchSharp.torch;

namespace DeviceId.Experiments;

/// <summary>A system that has learnt: recordings go in, predictions come out.</summary>
/// <param name="frontEnd">Makes samples of recordings; stays the caller's.</param>
/// <param name="classifier">Scores samples; disposed of with the system.</param>
/// <param name="device">Where the arithmetic runs.</param>
public sealed class FittedSystem(FrontEnd frontEnd, IDeviceClassifier classifier, Device device) : IDisposable
{
    /// <summary>Makes samples of recordings.</summary>
    public FrontEnd FrontEnd { get; } = frontEnd;

    /// <summary>Scores samples.</summary>
    public IDeviceClassifier Classifier { get; } = classifier;

    /// <summary>The network; null for systems without one.</summary>
    public DeviceNetwork? Network => (Classifier as NetworkClassifier)?.Network;

    /// <summary>The training of the network, epoch by epoch; null for systems without one.</summary>
    public IReadOnlyList<EpochResult>? Log => (Classifier as NetworkClassifier)?.Log?.Epochs;

    /// <summary>What a network said of the half-way test samples when half of its epochs were done; null where it was not asked.</summary>
    public SystemPredictions? HalfWay
    {
        get
        {
            if (HalfWayTest is null || Classifier is not NetworkClassifier { Kept: var kept } || kept.Count == 0)
                return null;
            return Evaluator.Collect(
                new PstnnOutput(
                    kept.GetValueOrDefault(nameof(PstnnOutput.Spatial)), kept.GetValueOrDefault(nameof(PstnnOutput.Temporal)),
                    kept[nameof(PstnnOutput.Deep)]),
                HalfWayTest);
        }
    }

    internal TestDataset? HalfWayTest { get; init; }

    /// <summary>What the system says of test recordings.</summary>
    /// <param name="test">Recordings that it has not learnt from.</param>
    /// <param name="cancellationToken">Asked at least every few seconds.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public SystemPredictions Predict(TestSet test, CancellationToken cancellationToken = default)
    {
        using var samples = FrontEnd.Transform(test, cancellationToken: cancellationToken);
        return Predict(samples, cancellationToken);
    }

    /// <summary>What the system says of what has become of test recordings.</summary>
    /// <param name="test">The recordings: whose they are.</param>
    /// <param name="clips">What is heard of each, in their order.</param>
    /// <param name="cancellationToken">Asked at least every few seconds.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public SystemPredictions Predict(TestSet test, IReadOnlyList<AudioClip> clips, CancellationToken cancellationToken = default)
    {
        using var samples = FrontEnd.Transform(test, clips, cancellationToken);
        return Predict(samples, cancellationToken);
    }

    /// <summary>What the system says of test samples.</summary>
    /// <param name="test">Samples of the same front end.</param>
    /// <param name="cancellationToken">Asked at least every few seconds.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal SystemPredictions Predict(TestDataset test, CancellationToken cancellationToken = default) => Network is { } network
        ? Evaluator.Evaluate(network, test, device, cancellationToken)
        : new SystemPredictions(null, null, Evaluator.Evaluate(Classifier, test, cancellationToken), null, AreProbabilities: false);

    /// <summary>Scores (segment, device) of a clip of which nothing is known.</summary>
    /// <param name="clip">The sound; shorter than a frame, it has no segment.</param>
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
