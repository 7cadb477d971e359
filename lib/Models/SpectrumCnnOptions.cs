using DeviceId.Data;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Models;

/// <summary>Options of <see cref="SpectrumCnn"/>.</summary>
[OptionsKind("spectrumCnn")]
public sealed record SpectrumCnnOptions : NetworkOptions
{
    /// <summary>Width of the hidden layer.</summary>
    public int Hidden { get; init; } = 128;

    /// <summary>Dropout probability after the hidden layer, in [0, 1).</summary>
    public double Dropout { get; init; } = 0.5;

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        if (Hidden < 1)
            yield return $"Hidden is {Hidden}: it must be at least 1.";
        if (!(Dropout >= 0 && Dropout < 1))
            yield return $"Dropout is {Dropout}: it must be at least 0 and less than 1.";
    }

    /// <inheritdoc/>
    protected override IEnumerable<string> ShapeProblems(SampleShape shape)
    {
        if (shape.Columns < SpectrumCnn.MinColumns)
            yield return $"There are {shape.Columns} columns: the convolutions halve them three times, "
                + $"so there must be at least {SpectrumCnn.MinColumns}.";
    }

    /// <inheritdoc/>
    protected internal override DeviceNetwork Build(SampleShape shape, Device device) => new SpectrumCnn(this, shape, device);
}
