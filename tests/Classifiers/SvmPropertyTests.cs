using CsCheck;
using DeviceId.Classifiers;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Tests.Classifiers;

/// <summary>Properties of every support vector machine, for random training samples.</summary>
[Collection(TensorCollection.Name)]
public sealed class SvmPropertyTests
{
    [Fact]
    public void SeparableClassesAreSeparatedAndSwappedLabelsSwapTheAnswers() =>
        Gen.Select(Gen.Int[2, 20], Gen.Int[1, 5], Gen.Long[1, 1_000_000], Gen.Bool).Sample((each, values, seed, rbf) =>
    {
        using var scope = NewDisposeScope();
        Seeds.Set(seed);

        // Two uniform clusters of half-width 1 whose centres are 6 apart in every value.
        var samples = cat([2 * rand(each, values) - 1, 2 * rand(each, values) + 5], 0);
        var labels = cat([zeros(each, ScalarType.Int64), ones(each, ScalarType.Int64)], 0);
        var options = new SvmOptions { C = 100, Kernel = rbf ? SvmKernel.Rbf : SvmKernel.Linear };
        using var machine = SupportVectorMachine.Fit(samples, labels, 2, options);
        using var swapped = SupportVectorMachine.Fit(samples, 1 - labels, 2, options);
        Assert.True(machine.Scores(samples).argmax(1).eq(labels).all().item<bool>());
        Assert.True(swapped.Scores(samples).argmax(1).eq(1 - labels).all().item<bool>());
        Assert.True(machine.Scores(samples).isfinite().all().item<bool>());
    }, iter: 40, threads: 1);
}
