using static TorchSharp.torch;

namespace DeviceId.Training;

/// <summary>The progress of a training between two batches: all that a checkpoint holds besides the network and the optimiser.</summary>
/// <remarks>An epoch is finished only when the call after it has returned: an interrupted call is repeated.</remarks>
internal sealed class TrainingState : IDisposable
{
    private readonly Dictionary<string, Tensor> _tensors = [];

    /// <summary>The finished epochs.</summary>
    public List<EpochResult> Log { get; init; } = [];

    /// <summary>The current epoch.</summary>
    public EpochSums Epoch { get; set; } = EpochSums.None;

    /// <summary>The tensors that the calls after epochs returned, by name.</summary>
    public IReadOnlyDictionary<string, Tensor> EpochTensors => _tensors;

    /// <summary>Finished epochs, and batches of the current epoch; identifies a state within one training.</summary>
    public (int Epochs, int Batches) Position => (Log.Count, Epoch.Batches);

    /// <summary>Copies tensors to the CPU; they replace earlier ones of the same names.</summary>
    /// <exception cref="ArgumentException">A tensor has a type that model files do not support.</exception>
    public void StoreTensors(IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        foreach (var (name, tensor) in tensors)
        {
            if (tensor.dtype is not (ScalarType.Float32 or ScalarType.Float64 or ScalarType.Int64))
                throw new ArgumentException(
                    $"The tensor '{name}' is {tensor.dtype}: only float32, float64 and int64 can be stored.", nameof(tensors));
            using var scope = NewDisposeScope();
            var copy = tensor.detach().to(tensor.dtype, CPU, copy: true).contiguous().DetachFromDisposeScope();
            if (_tensors.Remove(name, out var earlier))
                earlier.Dispose();
            _tensors.Add(name, copy);
        }
    }

    /// <summary>Returns the result of the finished training and hands over the stored tensors.</summary>
    public TrainingResult ToResult()
    {
        var result = new TrainingResult(new TrainingLog(Log), new Dictionary<string, Tensor>(_tensors));
        _tensors.Clear();
        return result;
    }

    public void Dispose()
    {
        foreach (var tensor in _tensors.Values)
            tensor.Dispose();
    }
}
