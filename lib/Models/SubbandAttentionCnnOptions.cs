using DeviceId.Data;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Models;

/// <summary>Options of <see cref="SubbandAttentionCnn"/>.</summary>
[OptionsKind("subbandAttentionCnn")]
public sealed record SubbandAttentionCnnOptions : NetworkOptions
{
    /// <summary>Number of subbands, each with a stream of its own.</summary>
    public int Subbands { get; init; } = 4;

    /// <summary>Factor by which the attention's hidden layer has fewer values than there are channels.</summary>
    public int Reduction { get; init; } = 16;

    /// <summary>Width of the hidden layer.</summary>
    public int Hidden { get; init; } = 128;

    /// <summary>Dropout probability after the hidden layer, in [0, 1).</summary>
    public double Dropout { get; init; } = 0.5;

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        foreach (var (name, value) in new[] { (nameof(Subbands), Subbands), (nameof(Reduction), Reduction), (nameof(Hidden), Hidden) })
            if (value < 1)
                yield return $"{name} is {value}: it must be at least 1.";
        if (!(Dropout >= 0 && Dropout < 1))
            yield return $"Dropout is {Dropout}: it must be at least 0 and less than 1.";
    }

    /// <inheritdoc/>
    protected override IEnumerable<string> ShapeProblems(SampleShape shape)
    {
        if (shape.Frames < SubbandAttentionCnn.MinSize)
            yield return $"There are {shape.Frames} frames: the convolutions halve them three times, "
                + $"so there must be at least {SubbandAttentionCnn.MinSize}.";
        if (Subbands > 0 && shape.Columns / Subbands < SubbandAttentionCnn.MinSize)
            yield return $"There are {shape.Columns} columns for {Subbands} subbands: the convolutions halve each subband three times, "
                + $"so there must be at least {Subbands * SubbandAttentionCnn.MinSize}.";
    }

    /// <inheritdoc/>
    protected internal override DeviceNetwork Build(SampleShape shape, Device device) => new SubbandAttentionCnn(this, shape, device);
}
