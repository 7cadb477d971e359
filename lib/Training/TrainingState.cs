using static TorchSharp.torch;

namespace DeviceId.Training;

/// <summary>How far a training has come, between two batches: all that a checkpoint holds besides the network and the optimiser.</summary>
/// <remarks>An epoch whose batches are all done is under way until the call after it has returned: that call is not lost.</remarks>
internal sealed class TrainingState : IDisposable
{
    private readonly Dictionary<string, Tensor> _kept = [];

    /// <summary>The finished epochs.</summary>
    public List<EpochResult> Log { get; init; } = [];

    /// <summary>The epoch under way.</summary>
    public EpochSums Epoch { get; set; } = EpochSums.None;

    /// <summary>What the calls after epochs returned, by name.</summary>
    public IReadOnlyDictionary<string, Tensor> Kept => _kept;

    /// <summary>Epochs and batches done: two states of one training are the same where this is.</summary>
    public (int Epochs, int Batches) Position => (Log.Count, Epoch.Batches);

    /// <summary>Copies tensors to the CPU, in place of earlier ones of the same names.</summary>
    /// <exception cref="ArgumentException">A type that files do not hold.</exception>
    public void Keep(IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        foreach (var (name, tensor) in tensors)
        {
            if (tensor.dtype is not (ScalarType.Float32 or ScalarType.Float64 or ScalarType.Int64))
                throw new ArgumentException(
                    $"The tensor '{name}' is {tensor.dtype}: float32, float64 and int64 can be kept.", nameof(tensors));
            using var scope = NewDisposeScope();
            var copy = tensor.detach().to(tensor.dtype, CPU, copy: true).contiguous().DetachFromDisposeScope();
            if (_kept.Remove(name, out var earlier))
                earlier.Dispose();
            _kept.Add(name, copy);
        }
    }

    /// <summary>The finished training; this object keeps nothing of it.</summary>
    public TrainingResult ToResult()
    {
        var result = new TrainingResult(new TrainingLog(Log), new Dictionary<string, Tensor>(_kept));
        _kept.Clear();
        return result;
    }

    public void Dispose()
    {
        foreach (var tensor in _kept.Values)
            tensor.Dispose();
    }
}
