using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DeviceId.Models;

/// <summary>The convolutional branch over the supervector as a map (paper, Sections 4.1.2 and 6.3).</summary>
internal sealed class SpatialCnn : Module<Tensor, Tensor>
{
    private readonly PstnnOptions _options;
    private readonly ConvolutionalBranch _branch;

    public SpatialCnn(PstnnOptions options) : base(nameof(SpatialCnn))
    {
        _options = options;
        _branch = new ConvolutionalBranch(options.Coefficients, options.Components, options.Embedding, options.Dropout);
        RegisterComponents();
    }

    /// <summary>(sample, component x coefficient) to (sample, embedding).</summary>
    public override Tensor forward(Tensor supervectors)
    {
        using var scope = NewDisposeScope();
        return _branch.call(SupervectorMap.Of(supervectors, _options.Components, _options.Coefficients)).MoveToOuterDisposeScope();
    }
}
