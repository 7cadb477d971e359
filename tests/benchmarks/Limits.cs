using System.Diagnostics;
using System.Globalization;
using DeviceId.Acceleration.MatrixMultiply;
using DeviceId.Acceleration.Simd;
using DeviceId.Data;
using DeviceId.Foundation;
using DeviceId.Models;
using static TorchSharp.torch;

namespace DeviceId.Benchmarks;

/// <summary>
/// Compares a training step with the limits of this machine (peak arithmetic and memory bandwidth), measured alternately with the step.
/// </summary>
/// <remarks>
/// The speed of a virtual machine varies. Values that are compared are therefore measured within the same half second, over windows as long
/// as a step, on as many threads as the step uses.
/// </remarks>
internal static class Limits
{
    private const int Batch = 128;
    private const int Rounds = 21;
    private const int WarmUpSteps = 150;
    private const int MatrixSize = 2048;
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(120);

    /// <summary>Prints the table.</summary>
    public static void Print(string _)
    {
        using var step = new PstnnStep(Batch);
        using var large = ones(1 << 26);
        using var matrices = randn(3, MatrixSize, MatrixSize);
        var (operations, traffic) = (Operations(new PstnnOptions(), SampleShape.AsWritten), Traffic(step.Weights));
        // Tiered compilation recompiles a method after 30 calls, and again after 30 more, in the background; training takes thousands of
        // steps.
        for (var i = 0; i < WarmUpSteps; i++)
            step.Run();
        var rounds = new Round[Rounds + 1];
        for (var i = 0; i < rounds.Length; i++)
            rounds[i] = new Round(PeakArithmetic(), LibtorchArithmetic(matrices), Bandwidth(large), StepSeconds(step), AdamSeconds(step));
        // The first round is warm-up.
        var measured = rounds[1..];
        var afterSecondThread = AfterSecondThread(step.Run);
        Console.WriteLine();
        Console.WriteLine(
            $"| limits of this machine, {get_num_threads()} threads, {Rounds} alternating rounds: median (min to max) | |");
        Console.WriteLine("| --- | --- |");
        Row("peak arithmetic: FMA instructions of the widest registers, data in the L1 cache, GFLOP/s", r => r.Arithmetic / 1e9, "0");
        Row("libtorch's GEMM of 2048 x 2048, GFLOP/s", r => r.Libtorch / 1e9, "0");
        Row("memory bandwidth: a large array scaled in place (read and write), GB/s", r => r.Bandwidth / 1e9, "0");
        var stepLabel = string.Create(
            CultureInfo.InvariantCulture,
            $"a training step: matrix products of {operations / 1e9:0.0} GFLOP, "
                + $"Adam over {step.Weights:N0} weights moves {traffic / 1e9:0.00} GB, ms");
        Row(stepLabel, r => r.Step * 1e3, "0");
        Row("Adam alone, with gradients in memory, ms", r => r.Adam * 1e3, "0.0");
        Row("Adam relative to the bandwidth limit", r => r.Adam / (traffic / r.Bandwidth), "0.00");
        Row("limit of a step by peak arithmetic and bandwidth, ms", r => r.MinSeconds(operations, traffic) * 1e3, "0");
        Row("the step relative to that limit (target 1.5)", r => r.Step / r.MinSeconds(operations, traffic), "0.00");
        var best = new Round(
            measured.Max(r => r.Arithmetic), measured.Max(r => r.Libtorch), measured.Max(r => r.Bandwidth),
            measured.Min(r => r.Step), measured.Min(r => r.Adam));
        Console.WriteLine(FormattableString.Invariant(
            $"| the fastest step relative to the limit from the best rounds | {best.Step / best.MinSeconds(operations, traffic):0.00} |"));
        Row("the step relative to the limit by libtorch's GEMM and bandwidth",
            r => r.Step / (r with { Arithmetic = r.Libtorch }).MinSeconds(operations, traffic), "0.00");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| the step after a second thread has used libtorch, as notebook cells do, ms, best of {Rounds} "
                + $"(before: {best.Step * 1e3:0}) | {afterSecondThread * 1e3:0} |"));

        void Row(string name, Func<Round, double> value, string format) =>
            Console.WriteLine($"| {name} | {Timing.Range([.. measured.Select(value)], format)} |");
    }

    /// <summary>
    /// Floating-point operations of the matrix products and convolutions in a step: forward pass, input gradients, weight gradients.
    /// Nothing else is counted.
    /// </summary>
    private static double Operations(PstnnOptions o, SampleShape shape)
    {
        // Two products for a layer whose input needs no gradient, three for the others.
        double Layer(double inputs, double outputs, int products) => 2.0 * Batch * inputs * outputs * products;
        double Lstm(double inputs, double units, int products) =>
            2 * shape.Frames * (Layer(inputs, 4 * units, products) + Layer(units, 4 * units, 3));
        var spatial = Layer(shape.SupervectorLength, o.Embedding, 2) + (2 * Layer(o.Embedding, o.Embedding, 3));
        var temporal = Lstm(shape.Columns, o.LstmUnits[0], 2) + Lstm(2 * o.LstmUnits[0], o.LstmUnits[1], 3)
            + Layer(shape.Frames * 2.0 * o.LstmUnits[1], o.Embedding, 3);
        // Attention: windows of three and five rows over both branches, at each position of the map and of the pooled map.
        var attention = (2 * o.Embedding * Layer(3 * 2, 16, 3)) + (2.0 * o.Embedding / AttentionFusion.PoolRows * Layer(5 * 2 * 16, 32, 3));
        var backEnd = 0.0;
        var inputs = o.Embedding;
        foreach (var width in o.BackEndWidths.Append(shape.Devices))
        {
            backEnd += Layer(inputs, width, 3);
            inputs = width;
        }

        return spatial + temporal + attention + backEnd + (2 * Layer(o.Embedding, shape.Devices, 3));
    }

    /// <summary>
    /// Bytes that Adam moves: it reads parameter, gradient and both moments, and writes all but the gradient. Other passes over the weights
    /// are part of the matrix products.
    /// </summary>
    private static double Traffic(long weights) => 7.0 * sizeof(float) * weights;

    private static double PeakArithmetic() => SimdDispatch.Run<Peak, double>(default);

    /// <summary>FLOP/s of the micro-kernel on all threads together.</summary>
    private static double PeakArithmetic<T>()
        where T : struct, ISimdVector<T>
    {
        const int Inner = 128, Repeats = 100;
        var columns = WideMicroKernel.Fits<T>() ? WideMicroKernel.Columns<T>() : MicroKernel.Columns<T>();
        var start = Stopwatch.GetTimestamp();
        var products = 0L;
        ParallelLoops.For(get_num_threads(), _ =>
        {
            var (a, b, c) = (new AlignedBuffer(MicroKernel.Rows * Inner), new AlignedBuffer(columns * Inner),
                new AlignedBuffer(MicroKernel.Rows * columns));
            while (Stopwatch.GetElapsedTime(start) < Window)
            {
                for (var i = 0; i < Repeats; i++)
                    PanelGemm.RunMicroKernel<T>(ref a[0], Inner, 1, ref b[0], Inner, ref c[0], columns, columns, overwrite: true);
                Interlocked.Add(ref products, Repeats);
            }
        }, get_num_threads());
        return 2.0 * MicroKernel.Rows * columns * Inner * products / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Seconds of a step in a sequence of steps, as in training. The first, which finds the caches cold, is not counted.</summary>
    private static double StepSeconds(PstnnStep step)
    {
        const int Steps = 2;
        step.Run();
        return Timing.Seconds(() =>
        {
            for (var i = 0; i < Steps; i++)
                step.Run();
        }) / Steps;
    }

    /// <summary>Seconds of a step of Adam with all gradients in memory.</summary>
    private static double AdamSeconds(PstnnStep step)
    {
        step.Backward();
        return Timing.Seconds(() => step.Adam.Step(1e-3));
    }

    // In place: allocating and freeing other memory between two steps would make the steps request theirs from the system again, page by
    // page (measured: up to 60 ms a step).
    private static double LibtorchArithmetic(Tensor matrices)
    {
        using var scope = NewDisposeScope();
        var (left, right, product) = (matrices[0], matrices[1], matrices[2]);
        return 2.0 * MatrixSize * MatrixSize * MatrixSize / Timing.Seconds(() => product.addmm_(left, right, beta: 0, alpha: 1));
    }

    private static double Bandwidth(Tensor large)
    {
        var (start, passes) = (Stopwatch.GetTimestamp(), 0);
        for (; Stopwatch.GetElapsedTime(start) < Window; passes++)
            large.mul_(1.0000001f);
        return 2.0 * sizeof(float) * large.numel() * passes / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>
    /// Seconds of an action after another thread has used libtorch. libgomp has a team of threads for each calling thread, and shortens the
    /// spin count of all when together they outnumber the cores.
    /// </summary>
    private static double AfterSecondThread(Action action)
    {
        using var hasUsedLibtorch = new ManualResetEventSlim();
        using var isMeasured = new ManualResetEventSlim();
        var thread = new Thread(() =>
        {
            using (var large = randn(1 << 20))
                large.exp_();
            hasUsedLibtorch.Set();
            isMeasured.Wait();
        });
        thread.Start();
        hasUsedLibtorch.Wait();
        var seconds = BestSeconds(action);
        isMeasured.Set();
        thread.Join();
        return seconds;
    }

    private static double BestSeconds(Action action) => Enumerable.Range(0, Rounds).Min(_ => Timing.Seconds(action));

    /// <summary>FLOP/s of the micro-kernel and of libtorch's GEMM, bytes per second, seconds of a step and of Adam alone.</summary>
    private sealed record Round(double Arithmetic, double Libtorch, double Bandwidth, double Step, double Adam)
    {
        /// <summary>Lower limit of the time of a step, in seconds.</summary>
        public double MinSeconds(double operations, double traffic) => (operations / Arithmetic) + (traffic / Bandwidth);
    }

    private readonly struct Peak : ISimdWork<double>
    {
        public double Run<T>()
            where T : struct, ISimdVector<T> => PeakArithmetic<T>();
    }
}
