using DeviceId.Data;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>
/// A support vector machine on a fixed-length vector per segment; C is chosen by cross-validation over the training sentences.
/// </summary>
/// <param name="kind">Name in files.</param>
/// <param name="options">Settings; their C is used if there is only one training sentence.</param>
/// <param name="candidates">Values of C to choose from.</param>
/// <param name="standardise">Whether each value is scaled to zero mean and unit variance over the training samples.</param>
internal abstract class SvmClassifier(
    string kind, SvmOptions options, IReadOnlyList<double> candidates, bool standardise) : IDeviceClassifier
{
    private const float MinStandardDeviation = 1e-6f;

    private SupportVectorMachine? _machine;
    private Tensor? _mean;
    private Tensor? _standardDeviation;

    /// <summary>The trained machine; null before <see cref="Fit"/>.</summary>
    public SupportVectorMachine? Machine => _machine;

    /// <inheritdoc/>
    public void Fit(TrainDataset train, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var scope = NewDisposeScope();
        using var batch = new SampleBatch(train.Supervectors.alias(), train.Segments.alias());
        var vectors = ComputeVectors(batch).cpu();
        var mean = standardise ? vectors.mean([0]) : zeros(vectors.shape[1], device: CPU);
        var standardDeviation = standardise
            ? (vectors - mean).square().mean([0]).sqrt().clamp_min(MinStandardDeviation) : ones(vectors.shape[1], device: CPU);
        var samples = (vectors - mean) / standardDeviation;
        var sentences = train.RecordingOf.Select(r => train.Recordings[r].Sentence).ToList();
        var chosenOptions = SvmCrossValidation.ChooseC(
            samples, train.Labels, train.Devices.Count, sentences, options, candidates,
            progress: progress, cancellationToken: cancellationToken);
        var machine = SupportVectorMachine.Fit(samples, train.Labels.cpu(), train.Devices.Count, chosenOptions, cancellationToken);

        // Only now: if training is cancelled, the machine of an earlier training stays.
        Dispose();
        (_machine, _mean, _standardDeviation) = (machine, mean.DetachFromDisposeScope(), standardDeviation.DetachFromDisposeScope());
    }

    /// <inheritdoc/>
    public Tensor Scores(SampleBatch samples, CancellationToken cancellationToken = default)
    {
        if (_machine is null)
            throw new InvalidOperationException("The classifier has not been trained: call Fit or Load first.");
        using var scope = NewDisposeScope();
        return _machine.Scores((ComputeVectors(samples).cpu() - _mean!) / _standardDeviation!, cancellationToken).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Save(string path)
    {
        if (_machine is null)
            throw new InvalidOperationException("The classifier has not been trained: there is nothing to save.");
        TensorFile.Write(
            path, kind, SvmFile.Describe(_machine), [("mean", _mean!), ("deviation", _standardDeviation!), .. _machine.State()]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _machine?.Dispose();
        _mean?.Dispose();
        _standardDeviation?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Computes the vectors (sample, value) that the machine classifies.</summary>
    private protected abstract Tensor ComputeVectors(SampleBatch samples);

    /// <summary>Reads a file written by <see cref="Save"/>.</summary>
    private protected void Restore(string path)
    {
        using var scope = NewDisposeScope();
        var (about, tensors) = TensorFile.Read(path, kind);
        if (tensors.Count < 4)
            throw new ModelFileException(
                path, $"it contains {tensors.Count} tensors instead of at least 4; train the classifier again and save it.");
        var machine = SvmFile.Assemble(path, about, [.. tensors.Skip(2)]);
        if (tensors.Take(2).Any(t => t.Tensor.dtype != ScalarType.Float32 || t.Tensor.dim() != 1 || t.Tensor.shape[0] != machine.Values))
        {
            machine.Dispose();
            throw new ModelFileException(
                path, "its tensors do not match the machine that it describes; train the classifier again and save it.");
        }

        _machine = machine;
        (_mean, _standardDeviation) = (tensors[0].Tensor.DetachFromDisposeScope(), tensors[1].Tensor.DetachFromDisposeScope());
    }
}
