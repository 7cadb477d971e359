using DeviceId.Data;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>A classifier made of a training function and the scoring function that it returns (<see cref="CustomClassifier"/>).</summary>
/// <param name="version">Name and version, for messages.</param>
/// <param name="learn">Takes the training samples and returns the scoring function.</param>
internal sealed class FunctionClassifier(string version, Func<TrainDataset, Func<SampleBatch, Tensor>> learn) : IDeviceClassifier
{
    private Func<SampleBatch, Tensor>? _score;
    private IReadOnlyList<IDisposable> _tensors = [];

    /// <inheritdoc/>
    public void Fit(TrainDataset train, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        Dispose();
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        _score = learn(train);

        // The scoring function may use any of the tensors created during training.
        _tensors = [.. scope.DisposablesView];
        scope.Detach(_tensors);
    }

    /// <inheritdoc/>
    public Tensor Scores(SampleBatch samples, CancellationToken cancellationToken = default)
    {
        if (_score is null)
            throw new InvalidOperationException("The classifier has not been trained: call Fit first.");
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        return _score(samples).to(ScalarType.Float32).cpu().MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Save(string path) =>
        throw new NotSupportedException($"'{version}' consists of functions from a notebook cell, which cannot be saved.");

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in _tensors)
            tensor.Dispose();
        _tensors = [];
    }
}
