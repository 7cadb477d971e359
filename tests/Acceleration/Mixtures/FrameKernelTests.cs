using DeviceId.Acceleration.Mixtures;
using DeviceId.Acceleration.Simd;
using DeviceId.Mixtures;
using TorchSharp;
using static DeviceId.Tests.TensorGap;
using static TorchSharp.torch;

namespace DeviceId.Tests.Acceleration.Mixtures;

/// <summary>Compares the E-step kernel with double-precision tensors, for every SIMD width of this machine.</summary>
[Collection(TensorCollection.Name)]
public sealed class FrameKernelTests
{
    private const int Width512 = 16;
    private const int Width256 = 8;
    private const int Width128 = 4;

    public static TheoryData<int, int, int, int> Cases()
    {
        var cases = new TheoryData<int, int, int, int>();
        foreach (var width in new[] { Width512, Width256, Width128 })
        {
            // One component and coefficient; a frame shorter than a register; an incomplete panel; the default size; several panels.
            foreach (var (components, dimension, frames) in new[] { (1, 1, 1), (2, 3, 50), (33, 16, 97), (64, 39, 9000), (100, 40, 300) })
                cases.Add(width, components, dimension, frames);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void SumsAndLikelihoodAgreeWithDoublePrecision(int width, int components, int dimension, int frames)
    {
        using var scope = NewDisposeScope();
        var (model, pool, tables) = CreateModel(components, dimension, frames);
        var kernel = Kernel(width, tables.Operands());
        Assert.SkipWhen(kernel is null, $"This machine has no SIMD vectors of {width} values.");
        var actual = ExpectationStep.InCache(kernel!, tables, pool, TestContext.Current.CancellationToken);
        var expected = ExpectationStep.InTensors(tables, pool, CPU, ScalarType.Float64, TestContext.Current.CancellationToken);
        // Scores reach hundreds, where float32 has a resolution of 3e-5. The posterior of a frame is accurate to 1e-4; in a sum the errors
        // grow with the square root of the number of frames.
        Assert.InRange(MaxDifference(expected.Counts, actual.Counts), 0, 1e-4 * Math.Sqrt(frames));
        Assert.InRange(MaxDifference(expected.Sums, actual.Sums), 0, 1e-3 * Math.Sqrt(frames));
        Assert.Equal(frames, actual.Counts.sum().item<double>(), 1e-5 * frames);
        // The mean log-likelihood per frame, here about -60, must be within 1e-5 of double precision.
        Assert.Equal(expected.LogLikelihood / frames, actual.LogLikelihood / frames, frames >= 1000 ? 1e-5 : 1e-4);
        model.Dispose();
    }

    [Theory]
    [InlineData(Width512)]
    [InlineData(Width256)]
    [InlineData(Width128)]
    public void AdaptedMeansAgreeWithDoublePrecision(int width)
    {
        using var scope = NewDisposeScope();
        var (model, _, tables) = CreateModel(33, 20, 1);
        var kernel = Kernel(width, tables.Operands());
        Assert.SkipWhen(kernel is null, $"This machine has no SIMD vectors of {width} values.");
        var segments = randn(70, 53, 20);
        using var exact = new MapAdaptation(model, 10, CPU, ScalarType.Float64);
        var adaptation = new AdaptationKernel(tables.Operands(), [.. model.Means.data<double>()], 10, kernel!);
        // Means are around 1 to 4: a few float32 roundings.
        Assert.InRange(MaxDifference(exact.Means(segments), adaptation.Means(segments)), 0, 2e-5);
        // A slice of wider frames is not contiguous.
        var wider = cat([segments, ones(70, 53, 3)], 2).narrow(2, 0, 20);
        Assert.InRange(MaxDifference(exact.Means(segments), adaptation.Means(wider)), 0, 2e-5);
        model.Dispose();
    }

    [Fact]
    public void BitsDependNeitherOnThreadsNorOnTheSplitIntoRecordings()
    {
        // Only the kernel guarantees this: libtorch's order of summation depends on the number of threads.
        using var backend = new BackendSwitch(isAccelerated: true);
        using var scope = NewDisposeScope();
        var frames = randn(3000, 7);
        var whole = Train(1, [frames]);
        Assert.Equal(whole, Train(2, [frames]));
        Assert.Equal(whole, Train(2, [.. frames.split([1, 699, 2300])]));

        byte[] Train(int count, IReadOnlyList<Tensor> recordings)
        {
            using var threads = new TorchThreads(count);
            var trainer = new GmmTrainer(new GmmOptions { Components = 8 }, CPU) { ChunkFrames = 500 };
            using var model = trainer.Fit(recordings, cancellationToken: TestContext.Current.CancellationToken).Model;
            return [.. model.Means.bytes, .. model.Variances.bytes, .. model.Weights.bytes];
        }
    }

    [Fact]
    public void AFrameWithANaNGivesNaN()
    {
        using var scope = NewDisposeScope();
        var (model, _, _) = CreateModel(8, 5, 1);
        using var map = new MapAdaptation(model);
        var segments = randn(1, 20, 5);
        segments[0, 7, 2] = float.NaN;
        Assert.True(map.Means(segments).isnan().any().item<bool>());
        model.Dispose();
    }

    private static FrameKernel? Kernel(int width, MixtureOperands operands) => width switch
    {
        Width512 => Simd512.IsSupported ? new FrameKernel<Simd512>(operands) : null,
        Width256 => Simd256.IsSupported ? new FrameKernel<Simd256>(operands) : null,
        _ => new FrameKernel<Simd128>(operands),
    };

    private static (DiagonalGmm Model, FramePool Pool, ScoringTables Tables) CreateModel(int components, int dimension, int frames)
    {
        random.manual_seed(components);
        var weights = rand(components, ScalarType.Float64) + 0.1;
        if (components > 2)
            weights[1] = 0; // an empty component
        var means = randn(components, dimension, ScalarType.Float64) * 2;
        var variances = rand(components, dimension, ScalarType.Float64) + 0.2;
        var model = new DiagonalGmm(weights / weights.sum(), means, variances);
        return (model, new FramePool([randn(frames, dimension) * 2 + 1], 4096), ScoringTables.For(model));
    }
}
