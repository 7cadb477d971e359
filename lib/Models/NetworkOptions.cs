using DeviceId.Data;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Models;

/// <summary>What a network is built from, but for the sizes of its samples; each kind builds its own.</summary>
/// <remarks>
/// A new network is one file: a record derived from this with an <see cref="OptionsKindAttribute"/>, and the module that it builds.
/// </remarks>
public abstract record NetworkOptions : Options
{
    /// <summary>Builds the network with weights drawn from a seed.</summary>
    /// <remarks>Seeds libtorch's global generators: the same seed gives the same weights, bit for bit on the CPU.</remarks>
    /// <param name="shape">The sizes of the samples.</param>
    /// <param name="seed">Decides the weights.</param>
    /// <param name="device">Where it is built; null for the CPU.</param>
    /// <exception cref="OptionsException">The options cannot be used, or not with these sizes.</exception>
    public DeviceNetwork Create(SampleShape shape, long seed, Device? device = null)
    {
        if (Problems().Concat(ProblemsWith(shape)).ToList() is { Count: > 0 } problems)
            throw new OptionsException(GetType().Name, problems);
        Seeds.Set(Seeds.Derive(seed, "weights"));
        return Build(shape, device ?? CPU);
    }

    /// <summary>Every reason why the network cannot be built for samples of these sizes, one sentence each.</summary>
    /// <param name="shape">The sizes of the samples.</param>
    public IEnumerable<string> ProblemsWith(SampleShape shape) => shape.Problems().Concat(Misfits(shape));

    /// <summary>Sizes that are possible, and too small or too large for this network, one sentence each.</summary>
    /// <param name="shape">The sizes of the samples.</param>
    protected abstract IEnumerable<string> Misfits(SampleShape shape);

    /// <summary>Builds the network; the weights come from libtorch's generators as they stand.</summary>
    /// <param name="shape">The sizes of the samples.</param>
    /// <param name="device">Where it is built.</param>
    protected internal abstract DeviceNetwork Build(SampleShape shape, Device device);
}
