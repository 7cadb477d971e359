using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>A fitted part of a <see cref="VectorClassifier"/>: its tensors are all that a file contains of it.</summary>
internal abstract class FittedPart : IDisposable
{
    /// <param name="state">Named tensors, which the part owns from now on: float64 or int64, on the CPU.</param>
    protected FittedPart(params (string Name, Tensor Tensor)[] state) =>
        State = [.. state.Select(part => (part.Name, part.Tensor.DetachFromDisposeScope()))];

    /// <summary>The tensors by name; they belong to the part. The names are part of the file format.</summary>
    public IReadOnlyList<(string Name, Tensor Tensor)> State { get; }

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        foreach (var (_, tensor) in State)
            tensor.Dispose();
        GC.SuppressFinalize(this);
    }
}
