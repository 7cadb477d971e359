using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>Checks the tensors that a file contains of a <see cref="FittedPart"/>, and hands them out.</summary>
/// <param name="tensors">The tensors by name.</param>
internal sealed class StateReader(IEnumerable<(string Name, Tensor Tensor)> tensors)
{
    /// <summary>Stands for any length of an axis, at least 1.</summary>
    public const long Any = -1;

    private readonly Dictionary<string, Tensor> _remaining = tensors.ToDictionary(entry => entry.Name, entry => entry.Tensor);

    /// <summary>A tensor of finite float64 values.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">Its shape; <see cref="Any"/> for an axis of any length.</param>
    /// <exception cref="ArgumentException">The tensor is missing, of another type or shape, or not finite.</exception>
    public Tensor Take(string name, params long[] shape)
    {
        var tensor = Take(name, ScalarType.Float64, shape);
        return tensor.isfinite().all().item<bool>() ? tensor : throw new ArgumentException($"tensor '{name}' is not finite");
    }

    /// <summary>Labels (sample), int64, each in 0..classes-1.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="count">Number of samples, or <see cref="Any"/>.</param>
    /// <param name="classes">Number of classes.</param>
    /// <exception cref="ArgumentException">The tensor is missing or of another type or shape, or a label is not of a class.</exception>
    public Tensor TakeLabels(string name, long count, int classes)
    {
        var labels = Take(name, ScalarType.Int64, [count]);
        return labels.min().item<long>() >= 0 && labels.max().item<long>() < classes
            ? labels : throw new ArgumentException($"tensor '{name}' has a label that is not in 0..{classes - 1}");
    }

    /// <summary>Throws if a tensor was not taken.</summary>
    /// <exception cref="ArgumentException">A tensor is left.</exception>
    public void RequireEmpty()
    {
        if (_remaining.Count > 0)
            throw new ArgumentException($"tensor '{_remaining.Keys.First()}' does not belong to these settings");
    }

    private Tensor Take(string name, ScalarType type, long[] shape) =>
        _remaining.Remove(name, out var tensor) && tensor.dtype == type && tensor.dim() == shape.Length
            && tensor.shape.Zip(shape).All(axis => axis.First == axis.Second || (axis.Second == Any && axis.First > 0))
            ? tensor : throw new ArgumentException(
                $"tensor '{name}' is missing, or not {type} of shape ({string.Join(", ", shape.Select(n => n == Any ? "any" : $"{n}"))})");
}
