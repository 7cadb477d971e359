using System.Diagnostics;
using DeviceId.Foundation;
using DeviceId.Foundation.Simd;
using DeviceId.Models;
using static TorchSharp.torch;

namespace DeviceId.Benchmarks;

/// <summary>How far a training step is from what this machine allows: its peak arithmetic and its memory's bandwidth, measured in the same minute.</summary>
internal static class Limits
{
    private const int Batch = 128;
    private const int Repeats = 9;

    /// <summary>Prints the table.</summary>
    public static void Print(string _)
    {
        var options = new PstnnOptions();
        using var step = new PstnnStep(options, Batch);
        var weights = step.Weights;
        var arithmetic = PeakArithmetic();
        var library = LibraryArithmetic();
        var bandwidth = Bandwidth();
        var operations = Operations(options);
        // Adam reads parameter, gradient and both moments and writes all but the gradient; the other passes over the weights fall within the products.
        var traffic = 7.0 * sizeof(float) * weights;
        var whole = Best(step.Run);
        var adam = Best(() => step.Adam.Step(1e-3)); // with the last step's gradients
        var beside = BesideAnotherThread(step.Run);
        double Allowed(double peak) => (operations / peak) + (traffic / bandwidth);
        Console.WriteLine();
        Console.WriteLine($"| limits of this machine, {get_num_threads()} threads, best of {Repeats} | |");
        Console.WriteLine("| --- | --- |");
        Console.WriteLine(FormattableString.Invariant($"| peak arithmetic: fused operations of the widest registers in the first-level cache | {arithmetic / 1e9:0} GFLOP/s |"));
        Console.WriteLine(FormattableString.Invariant($"| libtorch's product of 2048 x 2048 | {library / 1e9:0} GFLOP/s |"));
        Console.WriteLine(FormattableString.Invariant($"| memory: a large array scaled in place, read and written | {bandwidth / 1e9:0} GB/s |"));
        Console.WriteLine(FormattableString.Invariant($"| a training step: products of {operations / 1e9:0.0} GFLOP, Adam over {weights:N0} weights moves {traffic / 1e9:0.00} GB | {whole * 1e3:0.0} ms |"));
        Console.WriteLine(FormattableString.Invariant($"| of it Adam | {adam * 1e3:0.0} ms, {adam / (traffic / bandwidth):0.00} x what the bandwidth allows |"));
        Console.WriteLine(FormattableString.Invariant($"| the step once a second thread has used libtorch, as cells of a notebook do | {beside * 1e3:0.0} ms |"));
        Console.WriteLine(FormattableString.Invariant($"| allowed by peak arithmetic and bandwidth | {Allowed(arithmetic) * 1e3:0.0} ms: the step takes {whole / Allowed(arithmetic):0.00} x that (target 1.5) |"));
        Console.WriteLine(FormattableString.Invariant($"| allowed by libtorch's best product and bandwidth | {Allowed(library) * 1e3:0.0} ms: the step takes {whole / Allowed(library):0.00} x that |"));
    }

    /// <summary>Multiplications and additions of the matrix products in a step: forward, by input, by weight; nothing else is counted.</summary>
    private static double Operations(PstnnOptions o)
    {
        // A layer whose input has no gradient is multiplied twice, the others three times.
        double Layer(double inputs, double outputs, int times) => 2.0 * Batch * inputs * outputs * times;
        double Lstm(double inputs, double units, int times) => 2 * o.Frames * (Layer(inputs, 4 * units, times) + Layer(units, 4 * units, 3));
        var spatial = Layer(o.SupervectorLength, o.Embedding, 2) + (2 * Layer(o.Embedding, o.Embedding, 3));
        var temporal = Lstm(o.Coefficients, o.FirstLstmUnits, 2) + Lstm(2 * o.FirstLstmUnits, o.SecondLstmUnits, 3) + Layer(o.Frames * 2.0 * o.SecondLstmUnits, o.Embedding, 3);
        var back = 0.0;
        var inputs = o.Embedding;
        foreach (var width in o.HiddenWidths.Append(o.Devices))
        {
            back += Layer(inputs, width, 3);
            inputs = width;
        }

        return spatial + temporal + back + (2 * Layer(o.Embedding, o.Devices, 3));
    }

    private static double PeakArithmetic() => Lanes512.IsSupported ? Tiles<Lanes512>() : Lanes256.IsSupported ? Tiles<Lanes256>() : Tiles<Lanes128>();

    /// <summary>The threads' best bursts together. A burst is shorter than a scheduler's turn: what else runs on the machine does not lower the peak.</summary>
    private static double Tiles<T>()
        where T : struct, ILanes<T>
    {
        const int Steps = 128, Tiles = 1_000, Bursts = 300;
        var wide = WideTile.Fits<T>();
        var columns = wide ? WideTile.Columns<T>() : MatrixTile.Columns<T>();
        var seconds = new double[get_num_threads()];
        Workers.Share(seconds.Length, thread =>
        {
            var (a, b, c) = (new AlignedFloats(MatrixTile.Rows * Steps), new AlignedFloats(columns * Steps), new AlignedFloats(MatrixTile.Rows * columns));
            seconds[thread] = Best(() =>
            {
                for (var i = 0; i < Tiles && wide; i++)
                    WideTile.Multiply<T>(ref a[0], Steps, 1, ref b[0], Steps, ref c[0], columns, fresh: true);
                for (var i = 0; i < Tiles && !wide; i++)
                    MatrixTile.Multiply<T>(ref a[0], Steps, 1, ref b[0], Steps, ref c[0], columns, fresh: true);
            }, Bursts);
        }, seconds.Length);
        return seconds.Sum(s => 2.0 * MatrixTile.Rows * columns * Steps * Tiles / s);
    }

    private static double LibraryArithmetic()
    {
        const int Size = 2048;
        using var scope = NewDisposeScope();
        var (left, right) = (randn(Size, Size), randn(Size, Size));
        return 2.0 * Size * Size * Size / Best(() => left.mm(right).Dispose());
    }

    private static double Bandwidth()
    {
        using var values = ones(1 << 26);
        return 2.0 * sizeof(float) * values.numel() / Best(() => values.mul_(1.0000001f));
    }

    /// <summary>libgomp keeps a team of threads for each thread that has used it, and lets all wait less patiently when together they outnumber the cores.</summary>
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

    private static double Best(Action action, int repeats = Repeats)
    {
        action();
        return Enumerable.Range(0, repeats).Min(_ =>
        {
            var began = Stopwatch.GetTimestamp();
            action();
            return Stopwatch.GetElapsedTime(began).TotalSeconds;
        });
    }
}
