using DeviceId.Data;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>A system that is two functions (<see cref="CustomClassifier"/>).</summary>
/// <param name="version">Its name.</param>
/// <param name="learn">From training samples to what scores others.</param>
internal sealed class FunctionClassifier(string version, Func<TrainDataset, Func<SampleBatch, Tensor>> learn) : IDeviceClassifier
{
    private Func<SampleBatch, Tensor>? _score;
    private IReadOnlyList<IDisposable> _kept = [];

    /// <inheritdoc/>
    public void Fit(TrainDataset train, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        Dispose();
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        _score = learn(train);

        // The function that scores may refer to any of them.
        _kept = [.. scope.DisposablesView];
        scope.Detach(_kept);
    }

    /// <inheritdoc/>
    public Tensor Scores(SampleBatch samples, CancellationToken cancellationToken = default)
    {
        if (_score is null)
            throw new InvalidOperationException("Nothing has been learnt: call Fit first.");
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        return _score(samples).to(ScalarType.Float32).cpu().MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Save(string path) =>
        throw new NotSupportedException($"'{version}' is made of functions of a notebook cell: they cannot be saved.");

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in _kept)
            tensor.Dispose();
        _kept = [];
    }
}
