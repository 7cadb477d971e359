using DeviceId.Data;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Models;

/// <summary>Base class of the options of a network. The sample sizes are not part of them.</summary>
/// <remarks>
/// To add a network, write one file: a record derived from this one with an <see cref="OptionsKindAttribute"/>, and the module that it
/// builds.
/// </remarks>
public abstract record NetworkOptions : Options
{
    /// <summary>Builds the network with weights drawn from a seed.</summary>
    /// <remarks>Seeds libtorch's global generators. The same seed gives the same weights, bit-identical on the CPU.</remarks>
    /// <param name="shape">The sample sizes.</param>
    /// <param name="seed">Seed of the initial weights.</param>
    /// <param name="device">Device of the network; null for the CPU.</param>
    /// <exception cref="DeviceIdException">The options are invalid, or do not match the sample sizes.</exception>
    public DeviceNetwork Create(SampleShape shape, long seed, Device? device = null)
    {
        if (Problems().Concat(ProblemsWith(shape)).ToList() is { Count: > 0 } problems)
            throw new OptionsException(GetType().Name, problems);
        Seeds.Set(Seeds.Derive(seed, "weights"));
        return Build(shape, device ?? CPU);
    }

    /// <summary>All reasons why the network cannot be built for these sample sizes, one sentence each.</summary>
    /// <param name="shape">The sample sizes.</param>
    public IEnumerable<string> ProblemsWith(SampleShape shape) => shape.Problems().Concat(ShapeProblems(shape));

    /// <summary>All reasons why valid sample sizes are too small or too large for this network, one sentence each.</summary>
    /// <param name="shape">The sample sizes.</param>
    protected abstract IEnumerable<string> ShapeProblems(SampleShape shape);

    /// <summary>Builds the network; weights are drawn from libtorch's global generators in their current state.</summary>
    /// <param name="shape">The sample sizes.</param>
    /// <param name="device">Device of the network.</param>
    protected internal abstract DeviceNetwork Build(SampleShape shape, Device device);
}
