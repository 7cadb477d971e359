using DeviceId.Acceleration.Layers;
using TorchSharp;
using static DeviceId.Tests.TensorGap;
using static TorchSharp.torch;

namespace DeviceId.Tests.Acceleration.Layers;

/// <summary>Compares kernels and reference of every accelerated layer with double precision.</summary>
[Collection(TensorCollection.Name)]
public sealed class LayerTests
{
    private static readonly Dictionary<string, (Func<nn.Module<Tensor, Tensor>> Create, long[] Input)> Layers = new()
    {
        ["linear, one sample"] = (() => new AcceleratedLinear(70, 37, CPU), [1, 70]),
        ["linear, a batch"] = (() => new AcceleratedLinear(130, 64, CPU), [40, 130]),
        ["LSTM"] = (() => new AcceleratedLstm(7, 5, bidirectional: false, CPU), [5, 4, 7]),
        ["Bi-LSTM"] = (() => new AcceleratedLstm(39, 39, bidirectional: true, CPU), [26, 8, 39]),
        ["3 x 3 over two columns, pooled by 16"] = (() => new ConvReluPool(1, 16, 3, 16, CPU), [9, 1, 70, 2]),
        ["3 x 3 over three columns, pooled by 16"] = (() => new ConvReluPool(1, 16, 3, 16, CPU), [9, 1, 70, 3]),
        ["5 x 5 over two columns, all rows"] = (() => new ConvReluPool(16, 32, 5, null, CPU), [9, 16, 21, 2]),
        ["5 x 5 over three columns, all rows"] = (() => new ConvReluPool(16, 32, 5, null, CPU), [9, 16, 21, 3]),
    };

    public static TheoryData<string> Names { get; } = [.. Layers.Keys];

    /// <summary>
    /// The truth is libtorch in double precision; sums of up to a few thousand products in single precision stay within 1e-5 of it,
    /// relative to the largest value.
    /// </summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void ValuesAndGradientsOfKernelsAndReferenceAgreeWithDoublePrecision(string name)
    {
        using var scope = NewDisposeScope();
        using var gemm = new GemmChoice(true);
        var (create, shape) = Layers[name];
        random.manual_seed(4);
        using var single = create();
        random.manual_seed(4);
        using var exact = create();
        exact.to(ScalarType.Float64);
        var input = randn(shape);
        var truth = Run(exact, exact.call, input.to(ScalarType.Float64));
        foreach (var (actual, expected) in Run(single, Reference, input).Zip(truth))
            Assert.InRange(MaxDifference(expected, actual) / Math.Max(1, expected.abs().max().item<double>()), 0, 1e-5);
        foreach (var (actual, expected) in Run(single, Accelerated, input).Zip(truth))
            Assert.InRange(MaxDifference(expected, actual) / Math.Max(1, expected.abs().max().item<double>()), 0, 1e-5);
        using (no_grad())
            Assert.InRange(MaxDifference(truth[0], Accelerated(input)), 0, 1e-4);

        Tensor Reference(Tensor x) => single switch
        {
            AcceleratedLinear linear => linear.Reference(x),
            AcceleratedLstm lstm => lstm.Reference(x),
            _ => ((ConvReluPool)single).Reference(x),
        };
        Tensor Accelerated(Tensor x) => single switch
        {
            AcceleratedLinear linear => linear.Accelerated(x),
            AcceleratedLstm lstm => lstm.Accelerated(x),
            _ => ((ConvReluPool)single).Accelerated(x),
        };
    }

    /// <summary>Output, and gradients with respect to the input and each parameter.</summary>
    private static List<Tensor> Run(nn.Module layer, Func<Tensor, Tensor> forward, Tensor input)
    {
        foreach (var parameter in layer.parameters())
            parameter.grad = null;
        var x = input.clone().requires_grad_();
        var output = forward(x);
        (output * output).mean().backward();
        return [output, x.grad!, .. layer.parameters().Select(p => p.grad!.clone())];
    }
}
