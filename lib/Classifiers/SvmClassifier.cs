using DeviceId.Data;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>A description of each segment and a support vector machine behind it; C is chosen by holding out training sentences.</summary>
/// <param name="kind">What it is called in files and progress.</param>
/// <param name="options">Settings; C counts where only one sentence is there to train on.</param>
/// <param name="candidates">Values of C to choose from.</param>
/// <param name="standardise">
/// Whether each value of the description is brought to zero mean and unit variance over the training samples.
/// </param>
internal abstract class SvmClassifier(
    string kind, SvmOptions options, IReadOnlyList<double> candidates, bool standardise) : IDeviceClassifier
{
    private const float MinStandardDeviation = 1e-6f;

    private SupportVectorMachine? _machine;
    private Tensor? _mean;
    private Tensor? _standardDeviation;

    /// <summary>The machine, once there is one; null before.</summary>
    public SupportVectorMachine? Machine => _machine;

    /// <inheritdoc/>
    public void Fit(TrainDataset train, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var scope = NewDisposeScope();
        using var batch = new SampleBatch(train.Supervectors.alias(), train.Segments.alias());
        var described = Describe(batch).cpu();
        var mean = standardise ? described.mean([0]) : zeros(described.shape[1], device: CPU);
        var deviation = standardise
            ? (described - mean).square().mean([0]).sqrt().clamp_min(MinStandardDeviation) : ones(described.shape[1], device: CPU);
        var samples = (described - mean) / deviation;
        var sentences = train.RecordingOf.Select(r => train.Recordings[r].Sentence).ToList();
        var chosen = SvmCrossValidation.ChooseC(
            samples, train.Labels, train.Devices.Count, sentences, options, candidates,
            progress: progress, cancellationToken: cancellationToken);
        var machine = SupportVectorMachine.Fit(samples, train.Labels.cpu(), train.Devices.Count, chosen, cancellationToken);
        // Only now: where the training is cancelled, what was learnt before stays.
        Dispose();
        (_machine, _mean, _standardDeviation) = (machine, mean.DetachFromDisposeScope(), deviation.DetachFromDisposeScope());
    }

    /// <inheritdoc/>
    public Tensor Scores(SampleBatch samples, CancellationToken cancellationToken = default)
    {
        if (_machine is null)
            throw new InvalidOperationException("Nothing has been learnt: call Fit first, or Load.");
        using var scope = NewDisposeScope();
        return _machine.Scores((Describe(samples).cpu() - _mean!) / _standardDeviation!, cancellationToken).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Save(string path)
    {
        if (_machine is null)
            throw new InvalidOperationException("Nothing has been learnt: there is nothing to save.");
        TensorFile.Write(path, kind, SvmFile.Describe(_machine),
            [("mean", _mean!), ("deviation", _standardDeviation!), .. _machine.State()]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _machine?.Dispose();
        _mean?.Dispose();
        _standardDeviation?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>(sample, value): what the machine sees of the samples.</summary>
    private protected abstract Tensor Describe(SampleBatch samples);

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    private protected void Restore(string path)
    {
        using var scope = NewDisposeScope();
        var (about, tensors) = TensorFile.Read(path, kind);
        if (tensors.Count < 4)
            throw new ModelFileException(path, $"there are {tensors.Count} tensors in it, 4 at least are needed; make the file again.");
        var machine = SvmFile.Assemble(path, about, [.. tensors.Skip(2)]);
        if (tensors.Take(2).Any(t => t.Tensor.dtype != ScalarType.Float32 || t.Tensor.dim() != 1 || t.Tensor.shape[0] != machine.Values))
        {
            machine.Dispose();
            throw new ModelFileException(path, "its tensors are not those of the machine that it describes; make the file again.");
        }

        _machine = machine;
        (_mean, _standardDeviation) = (tensors[0].Tensor.DetachFromDisposeScope(), tensors[1].Tensor.DetachFromDisposeScope());
    }
}
