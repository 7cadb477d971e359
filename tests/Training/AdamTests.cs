using DeviceId.Models;
using DeviceId.Tests.Models;
using DeviceId.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Tests.Training;

[Collection(TensorCollection.Name)]
public sealed class AdamTests : IDisposable
{
    private readonly SingleThread _thread = new();

    public void Dispose() => _thread.Dispose();

    [Fact]
    public void ItStepsAsTorchDoes()
    {
        using var scope = NewDisposeScope();
        using var ours = Pstnn.Create(TinyNetwork.Options with { Dropout = 0 }, 1);
        using var theirs = Pstnn.Create(TinyNetwork.Options with { Dropout = 0 }, 1);
        ours.to(float64);
        theirs.to(float64);
        using var adam = new Adam(ours.parameters());
        using var reference = optim.Adam(theirs.parameters(), lr: 0.01, beta1: 0.9, beta2: 0.999, eps: 1e-8);
        var (supervectors, segments, labels) = TinyNetwork.Batch(ours.Options, 6, float64);
        for (var step = 0; step < 10; step++)
        {
            adam.ZeroGradients();
            reference.zero_grad();
            Loss(ours).backward();
            Loss(theirs).backward();
            adam.Step(0.01);
            reference.step();
        }

        // The same formula in another order: double rounding, made larger by sqrt(v) where gradients are tiny, and by ten steps.
        Assert.All(ours.parameters().Zip(theirs.parameters()), pair => Assert.True(pair.First.allclose(pair.Second, rtol: 1e-7, atol: 1e-9)));
        Assert.Equal(10, adam.Steps);

        Tensor Loss(Pstnn network)
        {
            var output = network.call(supervectors, segments);
            return new DeepAndShallowLoss(LossWeights.Paper).Of(output, labels);
        }
    }

    [Fact]
    public void TheFirstStepGoesByTheLearningRateAgainstTheGradient()
    {
        using var scope = NewDisposeScope();
        var start = tensor(new[] { 1.0, -2.0, 3.0 });
        using var parameter = new TorchSharp.Modules.Parameter(start.clone());
        using var adam = new Adam([parameter]);
        (parameter * tensor(new[] { 2.0, -0.5, 1e-3 })).sum().backward();
        adam.Step(0.1);
        // m / (1 - 0.9) = g and v / (1 - 0.999) = g g: the step is the sign of the gradient, but for the 1e-8 beside sqrt(v).
        Assert.True(parameter.allclose(start - tensor(new[] { 0.1, -0.1, 0.1 }), rtol: 0, atol: 2e-6));
    }

    [Fact]
    public void AParameterWithoutAGradientStaysAsItIs()
    {
        using var scope = NewDisposeScope();
        using var parameter = new TorchSharp.Modules.Parameter(ones(3));
        using var adam = new Adam([parameter]);
        adam.ZeroGradients();
        adam.Step(0.1);
        Assert.True(parameter.Equals(ones(3)));
    }
}
