using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DeviceId.Acceleration.MatrixMultiply;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Acceleration.Layers;

/// <summary>Slopes by the weights of fully connected layers, left as the two matrices whose product they are: whoever uses each number once need not keep them all.</summary>
/// <remarks>
/// While the calling thread collects, such a layer hands libtorch no slope by its weights. Of the paper's network they are as large as the network itself, 62 MB; with
/// 685 frames, 0.5 GB.
/// </remarks>
internal sealed class SlopeFactors : IDisposable
{
    // libtorch goes back through a graph on the CPU in the thread that asks for it.
    [ThreadStatic]
    private static SlopeFactors? t_collecting;

    private readonly Dictionary<nint, (Tensor Left, Tensor Right)?> _ofWeights;
    private readonly SlopeFactors? _before;

    private SlopeFactors(IEnumerable<Tensor> weights)
    {
        _ofWeights = weights.Where(IsTaken).Select(Key).Distinct().ToDictionary(key => key, _ => ((Tensor Left, Tensor Right)?)null);
        _before = t_collecting;
        t_collecting = this;
    }

    /// <summary>Collects what this thread's ways back leave, until it is disposed of by the same thread.</summary>
    /// <param name="weights">Of these alone: whoever collects answers for using them. Frozen ones, and those on a GPU, are none of them.</param>
    public static SlopeFactors Collect(IEnumerable<Tensor> weights) => new(weights);

    /// <summary>Leaves a slope as its factors.</summary>
    /// <param name="weight">(output, input).</param>
    /// <param name="left">(output, sample): kept, whatever scope it was made in.</param>
    /// <param name="right">(sample, input): kept likewise.</param>
    /// <returns>Whether somebody collects those of this weight and has none yet; else the slope has to be multiplied.</returns>
    public static bool Leave(Tensor weight, Tensor left, Tensor right)
    {
        if (t_collecting is not { } collecting || left.shape[1] is 0 or > PassingProduct.MostSteps)
            return false;
        var key = Key(weight);
        if (!collecting._ofWeights.TryGetValue(key, out var there) || there is not null)
            return false;
        collecting._ofWeights[key] = (left, right);
        left.DetachFromDisposeScope();
        right.DetachFromDisposeScope();
        return true;
    }

    /// <summary>The factors of a weight's slope, to which what libtorch has of it must be added; null where there are none.</summary>
    public (Tensor Left, Tensor Right)? Of(Tensor weight) => IsTaken(weight) && _ofWeights.TryGetValue(Key(weight), out var factors) ? factors : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        t_collecting = _before;
        foreach (var factors in _ofWeights.Values)
        {
            factors?.Left.Dispose();
            factors?.Right.Dispose();
        }

        _ofWeights.Clear();
    }

    private static bool IsTaken(Tensor weight) =>
        weight.requires_grad && weight.dim() == 2 && weight.HoldsFloats() && weight.is_contiguous() && weight.numel() > 0;

    /// <summary>Where the weights lie: the graph knows them by other names, as views.</summary>
    private static unsafe nint Key(Tensor weight) => (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(weight.Floats()));
}
