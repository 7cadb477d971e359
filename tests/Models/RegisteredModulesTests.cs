using DeviceId.Models;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using LstmModule = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, (TorchSharp.torch.Tensor, TorchSharp.torch.Tensor)?,
    (TorchSharp.torch.Tensor, TorchSharp.torch.Tensor, TorchSharp.torch.Tensor)>;

namespace DeviceId.Tests.Models;

/// <summary>
/// A network calls every module that it registers. Otherwise a layer whose parameters alone are used would look as if it computed, and its
/// forward hooks would never run.
/// </summary>
[Collection(TensorCollection.Name)]
public sealed class RegisteredModulesTests
{
    /// <summary>Enough samples for the kernels to be used.</summary>
    private const int Samples = 32;

    [Theory]
    [MemberData(nameof(TinyNetwork.Branches), MemberType = typeof(TinyNetwork))]
    public void EveryLayerOfThePstnnIsCalled(SpatialNetwork spatial, TemporalNetwork temporal)
    {
        using var scope = NewDisposeScope();
        var (supervectors, segments, _) = TinyNetwork.Batch(Samples);
        foreach (var fusion in Enum.GetValues<Fusion>())
        {
            foreach (var layers in Enumerable.Range(0, 4))
            {
                var options = TinyNetwork.Options with { Spatial = spatial, Temporal = temporal, Fusion = fusion, BackEndLayers = layers };
                using var network = Pstnn.Create(options, TinyNetwork.Shape, 1);
                AssertAllAreCalled(network, supervectors, segments, $"{fusion}, {layers} layers");
            }
        }
    }

    [Fact]
    public void EveryLayerOfTheMultiFeatureCnnIsCalled()
    {
        using var scope = NewDisposeScope();
        using var network = MultiFeatureCnnTests.Tiny.Create(MultiFeatureCnnTests.Shape, 1);
        AssertAllAreCalled(network, randn(Samples, 72), randn([Samples, 8, 19]), "");
    }

    [Fact]
    public void EveryLayerOfTheSpectrumNetworksIsCalled()
    {
        using var scope = NewDisposeScope();
        foreach (var options in SpectrumNetworksTests.Tiny)
        {
            using var network = options.Create(SpectrumNetworksTests.Shape, 1);
            AssertAllAreCalled(network, empty([Samples, 0], device: CPU), randn([Samples, 9, 18]), network.GetName());
        }
    }

    /// <summary>Checks the forward pass in training mode, with the kernels and with libtorch only.</summary>
    private static void AssertAllAreCalled(DeviceNetwork network, Tensor supervectors, Tensor segments, string variant)
    {
        foreach (var accelerated in new[] { true, false })
        {
            using var backend = new BackendSwitch(accelerated);
            var called = new HashSet<string>();
            // Containers such as Sequential need not be called; modules without children or with parameters of their own must be.
            var expected = network.named_modules()
                .Where(entry => !entry.module.children().Any() || entry.module.parameters(recurse: false).Any()).ToList();
            Assert.True(expected.Count > 2, $"only {expected.Count} modules are expected to be called");
            var hooks = expected.Select(entry => Hook(entry.module, () => called.Add(entry.name))).ToList();
            using var output = network.call(supervectors, segments);
            hooks.ForEach(remove => remove());
            var notCalled = expected.Select(entry => entry.name).Where(name => !called.Contains(name)).ToList();
            Assert.True(notCalled.Count == 0, $"never called ({variant}, accelerated: {accelerated}): {string.Join(", ", notCalled)}");
        }
    }

    /// <summary>Registers a forward hook.</summary>
    /// <returns>Removes the hook.</returns>
    private static Action Hook(Module module, Action called)
    {
        T After<T>(T output)
        {
            called();
            return output;
        }

        return module switch
        {
            Module<Tensor, Tensor> one => one.register_forward_hook((_, _, output) => After(output)).remove,
            Module<Tensor[], Tensor> many => many.register_forward_hook((_, _, output) => After(output)).remove,
            LstmModule recurrent => recurrent.register_forward_hook((_, _, _, output) => After(output)).remove,
            _ => throw new NotSupportedException($"This test has no hook for a {module.GetType().Name}: add its type here."),
        };
    }
}
