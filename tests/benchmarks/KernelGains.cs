using DeviceId.Acceleration;
using DeviceId.Acceleration.Layers;
using DeviceId.Audio;
using DeviceId.Data;
using DeviceId.Features;
using DeviceId.Foundation;
using DeviceId.Mixtures;
using DeviceId.Models;
using DeviceId.Training;
using static TorchSharp.torch;

namespace DeviceId.Benchmarks;

/// <summary>
/// Speed-up of each kernel of lib/Acceleration: the same computation by the kernel and by libtorch, alternating, in one process
/// (docs/acceleration.md).
/// </summary>
internal static class KernelGains
{
    private const int Batch = 128;
    private const int Rounds = 15;

    /// <summary>Prints a row for each kernel, then one for a whole training step.</summary>
    public static void Print(string _)
    {
        var (options, shape) = (new PstnnOptions(), SampleShape.AsWritten);
        Console.WriteLine("| computation | kernel (ms) | libtorch (ms) | speed-up |");
        Console.WriteLine("| --- | --- | --- | --- |");
        Kernels.MultipliesLinear = true;
        using (var linear = new AcceleratedLinear(9984, options.Embedding, CPU))
        {
            Row(
                "AcceleratedLinear, training, 128 x 9984 to 1024",
                Backward(randn(Batch, 9984), linear.Accelerated), Backward(randn(Batch, 9984), linear.Reference));
            Row(
                "AcceleratedLinear, prediction, 8 x 9984 to 1024",
                Forward(randn(8, 9984), linear.Accelerated), Forward(randn(8, 9984), linear.Reference));
        }

        using (var first = new AcceleratedLstm(shape.Columns, 39, bidirectional: true, CPU))
        using (var second = new AcceleratedLstm(78, 78, bidirectional: true, CPU))
        {
            var input = randn(Batch, shape.Frames, shape.Columns);
            Row(
                "AcceleratedLstm, training, 64 steps, 39 and 78 units",
                Backward(input, x => second.Accelerated(first.Accelerated(x))),
                Backward(input, x => second.Reference(first.Reference(x))));
        }

        using (var convolution = new ConvReluPool(1, 16, 3, AttentionFusion.PoolRows, CPU))
            Row(
                "ConvReluPool, training, windows of rows",
                Backward(randn(Batch, 1, 1024, 2), convolution.Accelerated), Backward(randn(Batch, 1, 1024, 2), convolution.Reference));
        using (var convolution = new ConvReluPool(16, 32, 5, null, CPU))
            Row(
                "ConvReluPool, training, all rows",
                Backward(randn(Batch, 16, 64, 2), convolution.Accelerated), Backward(randn(Batch, 16, 64, 2), convolution.Reference));
        Adam();
        FeaturesAndMixtures();
        Kernels.MultipliesLinear = Kernels.IsGemmFaster();
        using var step = new PstnnStep(Batch);
        Row("training step, all kernels", WithKernels(step.Run), WithoutKernels(step.Run));
    }

    private static void Adam()
    {
        using var network = Pstnn.Create(new PstnnOptions(), SampleShape.AsWritten, 1);
        foreach (var parameter in network.parameters())
            parameter.grad = randn_like(parameter);
        using var adam = new Adam(network.parameters());
        Row("Adam, a step of 15.6 million parameters", WithKernels(() => adam.Step(1e-3)), WithoutKernels(() => adam.Step(1e-3)));
    }

    private static void FeaturesAndMixtures()
    {
        var noise = new Random(1);
        var clip = new AudioClip([.. Enumerable.Range(0, 60 * 32000).Select(_ => noise.NextSingle() - 0.5f)], 32000);
        var mfcc = new Mfcc(new MfccOptions(), CPU);
        void Extract() => mfcc.Extract(clip).Dispose();
        Row("MFCC, one minute at 32 kHz", WithKernels(Extract), WithoutKernels(Extract));
        var frames = randn(100_000, 39);
        var pool = new FramePool([frames], 4096);
        var (mean, variance) = pool.Moments(default);
        var scale = variance.sqrt();
        var model = new DiagonalGmm(
            full(64, 1.0 / 64, ScalarType.Float64), frames.narrow(0, 0, 64).to(ScalarType.Float64), ones(64, 39, ScalarType.Float64));
        var trainer = new GmmTrainer(new GmmOptions { Components = 64 }, CPU);
        void Iterate() => trainer.Iterate(model, pool, mean, scale, default).Model.Dispose();
        Row("EM, an iteration, 64 components, 100,000 frames", WithKernels(Iterate), WithoutKernels(Iterate));
        var segments = frames.reshape(500, 200, 39);
        ComputeDevice.IsAccelerated = true;
        var kernel = new MapAdaptation(model);
        ComputeDevice.IsAccelerated = false;
        var libtorch = new MapAdaptation(model);
        ComputeDevice.IsAccelerated = true;
        Row("MAP, 500 utterances of 200 frames", () => kernel.Means(segments).Dispose(), () => libtorch.Means(segments).Dispose());
    }

    private static Action Forward(Tensor input, Func<Tensor, Tensor> layer) => () =>
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        layer(input);
    };

    private static Action Backward(Tensor input, Func<Tensor, Tensor> layer)
    {
        var x = input.requires_grad_();
        return () =>
        {
            using var scope = NewDisposeScope();
            layer(x).sum().backward();
            x.grad = null;
        };
    }

    private static Action WithKernels(Action work) => Switched(true, work);

    private static Action WithoutKernels(Action work) => Switched(false, work);

    private static Action Switched(bool isAccelerated, Action work) => () =>
    {
        ComputeDevice.IsAccelerated = isAccelerated;
        work();
        ComputeDevice.IsAccelerated = true;
    };

    private static void Row(string work, Action kernel, Action libtorch)
    {
        // Warm-up: tiered compilation recompiles a method after 30 calls, and again after 30 more.
        Milliseconds(kernel, 70);
        Milliseconds(libtorch, 5);
        var (kernelTimes, libtorchTimes) = (new double[Rounds], new double[Rounds]);
        for (var round = 0; round < Rounds; round++)
            (kernelTimes[round], libtorchTimes[round]) = (Milliseconds(kernel, 5), Milliseconds(libtorch, 5));
        var speedUps = kernelTimes.Zip(libtorchTimes, (kernelTime, libtorchTime) => libtorchTime / kernelTime).ToArray();
        Console.WriteLine(
            $"| {work} | {Timing.Range(kernelTimes, "0.00")} | {Timing.Range(libtorchTimes, "0.00")} | {Timing.Range(speedUps, "0.00")} |");
    }

    private static double Milliseconds(Action work, int count) => 1000.0 / count * Timing.Seconds(() =>
    {
        for (var i = 0; i < count; i++)
            work();
    });
}
