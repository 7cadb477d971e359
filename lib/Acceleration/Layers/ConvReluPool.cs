using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DeviceId.Acceleration.Layers;

/// <summary>"Same" convolution, ReLU and average pooling over rows: in float32 on the CPU by kernels, otherwise by libtorch.</summary>
/// <remarks>
/// Parameter names, shapes and initial weights are those of <c>nn.Conv2d</c>. The maps between convolution and pooling are 16 times as
/// large as the input; the kernels never write them to memory.
/// </remarks>
internal sealed class ConvReluPool : Module<Tensor, Tensor>
{
#pragma warning disable IDE1006 // Field names become the parameter names of the module.
    private readonly Parameter weight; // (kernel, channel, row, column)
    private readonly Parameter bias;   // (kernel)
#pragma warning restore IDE1006
    private readonly int? _poolRows;

    /// <param name="channels">Input channels.</param>
    /// <param name="kernels">Output channels.</param>
    /// <param name="size">Kernel size (rows and columns), odd.</param>
    /// <param name="poolRows">Rows in a pooling window (an incomplete last one is dropped); null for pooling over all rows.</param>
    /// <param name="device">Device of the parameters.</param>
    public ConvReluPool(long channels, long kernels, long size, int? poolRows, Device device) : base(nameof(ConvReluPool))
    {
        var layer = Conv2d(channels, kernels, size, device: device);
        (weight, bias, _poolRows) = (layer.weight, layer.bias!, poolRows);
        RegisterComponents();
    }

    /// <summary>(sample, channel, row, column) to (sample, kernel, pooled row, column).</summary>
    public override Tensor forward(Tensor maps) => Backend.Accelerates(maps) ? Accelerated(maps) : Reference(maps);

    internal Tensor Reference(Tensor maps)
    {
        using var scope = NewDisposeScope();
        var convolved = functional.conv2d(maps, weight, bias, padding: [weight.shape[2] / 2, weight.shape[3] / 2]).relu();
        var pooled = _poolRows is { } rows ? functional.avg_pool2d(convolved, [rows, 1]) : convolved.mean([2], keepdim: true);
        return pooled.MoveToOuterDisposeScope();
    }

    internal Tensor Accelerated(Tensor maps)
    {
        using var scope = NewDisposeScope();
        if (_poolRows is { } rows && Kernels.AcceptsPairConvolution(maps, weight, rows))
            return PairConvolution.Convolve(maps.squeeze(1), weight, bias, rows).permute(0, 3, 1, 2).MoveToOuterDisposeScope();
        if (_poolRows is null && Kernels.AcceptsGlobalPool(maps, weight))
            return GlobalPoolConvolution.Convolve(maps.permute(0, 2, 3, 1), weight, bias)
                .transpose(1, 2).unsqueeze(2).MoveToOuterDisposeScope();
        return Reference(maps).MoveToOuterDisposeScope();
    }
}
