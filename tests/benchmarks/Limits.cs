using DeviceId.Features;
using DeviceId.Classifiers;
using DeviceId.Data;
using System.Diagnostics;
using DeviceId.Acceleration.MatrixMultiply;
using DeviceId.Acceleration.Simd;
using DeviceId.Foundation;
using DeviceId.Models;
using static TorchSharp.torch;

namespace DeviceId.Benchmarks;

/// <summary>
/// How far a training step is from what this machine allows: its peak arithmetic and its memory's bandwidth, measured in turns with the
/// step.
/// </summary>
/// <remarks>
/// Virtual machines give their cores now more and now less: what is compared is measured within the same half second, over windows as long
/// as a step, by as many threads together as the step uses.
/// </remarks>
internal static class Limits
{
    private const int Batch = 128;
    private const int Rounds = 21;
    private const int WarmUpSteps = 150;
    private const int LibrarySize = 2048;
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(120);

    /// <summary>Prints the table.</summary>
    public static void Print(string _)
    {
        using var step = new PstnnStep(Batch);
        using var large = ones(1 << 26);
        using var factors = randn(3, LibrarySize, LibrarySize);
        var (operations, traffic) = (Operations(new PstnnOptions(), SampleShape.AsWritten), Traffic(step.Weights));
        // .NET compiles in full, after thirty calls and again after thirty more, beside the work; a training takes thousands of steps.
        for (var i = 0; i < WarmUpSteps; i++)
            step.Run();
        var rounds = new Round[Rounds + 1];
        for (var i = 0; i < rounds.Length; i++)
            rounds[i] = new Round(PeakArithmetic(), LibraryArithmetic(factors), Bandwidth(large), Trained(step), AdamAlone(step));
        // The first is the warm-up.
        var measured = rounds[1..];
        var beside = BesideAnotherThread(step.Run);
        Console.WriteLine();
        Console.WriteLine($"| limits of this machine, {get_num_threads()} threads, {Rounds} rounds, taking turns: median (least to greatest) | |");
        Console.WriteLine("| --- | --- |");
        Row("peak arithmetic: fused operations of the widest registers in the first-level cache, GFLOP/s", r => r.Arithmetic / 1e9, "0");
        Row("libtorch's product of 2048 x 2048, GFLOP/s", r => r.Library / 1e9, "0");
        Row("memory: a large array scaled in place, read and written, GB/s", r => r.Bandwidth / 1e9, "0");
        Row(FormattableString.Invariant(
            $"a training step: products of {operations / 1e9:0.0} GFLOP, Adam over {step.Weights:N0} weights moves {traffic / 1e9:0.00} GB, ms"), r => r.Step * 1e3, "0");
        Row("Adam alone, over gradients that lie in memory, ms", r => r.Adam * 1e3, "0.0");
        Row("Adam over what the bandwidth allows", r => r.Adam / (traffic / r.Bandwidth), "0.00");
        Row("allowed by peak arithmetic and bandwidth, ms", r => r.Allowed(operations, traffic) * 1e3, "0");
        Row("the step over that (target 1.5)", r => r.Step / r.Allowed(operations, traffic), "0.00");
        var best = new Round(measured.Max(r => r.Arithmetic), measured.Max(r => r.Library), measured.Max(r => r.Bandwidth),
            measured.Min(r => r.Step), measured.Min(r => r.Adam));
        Console.WriteLine(FormattableString.Invariant(
            $"| the fastest step over what the best windows of all rounds allow | {best.Step / best.Allowed(operations, traffic):0.00} |"));
        Row("the step over what libtorch's product of 2048 x 2048 and bandwidth allow",
            r => r.Step / (r with { Arithmetic = r.Library }).Allowed(operations, traffic), "0.00");
        Console.WriteLine(FormattableString.Invariant(
            $"| the step once a second thread has used libtorch, as cells of a notebook do, ms, best of {Rounds} (before: {best.Step * 1e3:0}) | {beside * 1e3:0} |"));

        void Row(string what, Func<Round, double> of, string format) =>
            Console.WriteLine($"| {what} | {Timing.Range([.. measured.Select(of)], format)} |");
    }

    /// <summary>
    /// Multiplications and additions of the matrix products and convolutions in a step: forward, by input, by weight; nothing else is
    /// counted.
    /// </summary>
    private static double Operations(PstnnOptions o, SampleShape shape)
    {
        // A layer whose input has no gradient is multiplied twice, the others three times.
        double Layer(double inputs, double outputs, int times) => 2.0 * Batch * inputs * outputs * times;
        double Lstm(double inputs, double units, int times) =>
            2 * shape.Frames * (Layer(inputs, 4 * units, times) + Layer(units, 4 * units, 3));
        var spatial = Layer(shape.SupervectorLength, o.Embedding, 2) + (2 * Layer(o.Embedding, o.Embedding, 3));
        var temporal = Lstm(shape.Columns, o.LstmUnits[0], 2) + Lstm(2 * o.LstmUnits[0], o.LstmUnits[1], 3)
            + Layer(shape.Frames * 2.0 * o.LstmUnits[1], o.Embedding, 3);
        // Attention: windows of three and five rows, both branches wide, at each place of the map and its pooled successor.
        var attention = (2 * o.Embedding * Layer(3 * 2, 16, 3)) + (2.0 * o.Embedding / AttentionFusion.PoolRows * Layer(5 * 2 * 16, 32, 3));
        var back = 0.0;
        var inputs = o.Embedding;
        foreach (var width in o.BackEndWidths.Append(shape.Devices))
        {
            back += Layer(inputs, width, 3);
            inputs = width;
        }

        return spatial + temporal + attention + back + (2 * Layer(o.Embedding, shape.Devices, 3));
    }

    /// <summary>
    /// Bytes: Adam reads parameter, gradient and both moments and writes all but the gradient; the other passes over the weights fall
    /// within the products.
    /// </summary>
    private static double Traffic(long weights) => 7.0 * sizeof(float) * weights;

    private static double PeakArithmetic() => SimdDispatch.Run<Peak, double>(default);

    /// <summary>What all threads together multiply and add within the window.</summary>
    private static double PeakArithmetic<T>()
        where T : struct, ISimdVector<T>
    {
        const int Steps = 128, Together = 100;
        var columns = WideMicroKernel.Fits<T>() ? WideMicroKernel.Columns<T>() : MicroKernel.Columns<T>();
        var began = Stopwatch.GetTimestamp();
        var products = 0L;
        ParallelLoops.For(get_num_threads(), _ =>
        {
            var (a, b, c) = (new AlignedBuffer(MicroKernel.Rows * Steps), new AlignedBuffer(columns * Steps),
                new AlignedBuffer(MicroKernel.Rows * columns));
            while (Stopwatch.GetElapsedTime(began) < Window)
            {
                for (var i = 0; i < Together; i++)
                    PanelGemm.RunMicroKernel<T>(ref a[0], Steps, 1, ref b[0], Steps, ref c[0], columns, columns, overwrite: true);
                Interlocked.Add(ref products, Together);
            }
        }, get_num_threads());
        return 2.0 * MicroKernel.Rows * columns * Steps * products / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    /// <summary>
    /// Seconds of a step among others, as in training: what came before has emptied the caches, so the first is not counted.
    /// </summary>
    private static double Trained(PstnnStep step)
    {
        const int Steps = 2;
        step.Run();
        return Timing.Seconds(() =>
        {
            for (var i = 0; i < Steps; i++)
                step.Run();
        }) / Steps;
    }

    /// <summary>Seconds of Adam over gradients that lie in memory; in a step those of the large layers never do.</summary>
    private static double AdamAlone(PstnnStep step)
    {
        step.GoBack();
        return Timing.Seconds(() => step.Adam.Step(1e-3));
    }

    // In place: what else is asked for and given back between two steps would leave theirs to be taken from the system anew, page by page
    // (measured: up to 60 ms a step).
    private static double LibraryArithmetic(Tensor factors)
    {
        using var scope = NewDisposeScope();
        var (left, right, product) = (factors[0], factors[1], factors[2]);
        return 2.0 * LibrarySize * LibrarySize * LibrarySize / Timing.Seconds(() => product.addmm_(left, right, beta: 0, alpha: 1));
    }

    private static double Bandwidth(Tensor large)
    {
        var (began, passes) = (Stopwatch.GetTimestamp(), 0);
        for (; Stopwatch.GetElapsedTime(began) < Window; passes++)
            large.mul_(1.0000001f);
        return 2.0 * sizeof(float) * large.numel() * passes / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    /// <summary>
    /// libgomp keeps a team of threads for each thread that has used it, and lets all wait less patiently when together they outnumber the
    /// cores.
    /// </summary>
    private static double BesideAnotherThread(Action action)
    {
        using var used = new ManualResetEventSlim();
        using var measured = new ManualResetEventSlim();
        var thread = new Thread(() =>
        {
            using (var large = randn(1 << 20))
                large.exp_();
            used.Set();
            measured.Wait();
        });
        thread.Start();
        used.Wait();
        var seconds = Best(action);
        measured.Set();
        thread.Join();
        return seconds;
    }

    private static double Best(Action action) => Enumerable.Range(0, Rounds).Min(_ => Timing.Seconds(action));

    /// <summary>FLOP/s of our micro-kernel and of libtorch's product, bytes a second, seconds of a step and of Adam alone.</summary>
    private sealed record Round(double Arithmetic, double Library, double Bandwidth, double Step, double Adam)
    {
        /// <summary>Seconds.</summary>
        public double Allowed(double operations, double traffic) => (operations / Arithmetic) + (traffic / Bandwidth);
    }

    private readonly struct Peak : ISimdWork<double>
    {
        public double Run<T>()
            where T : struct, ISimdVector<T> => PeakArithmetic<T>();
    }
}
