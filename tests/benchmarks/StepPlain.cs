using DeviceId.Features;
using DeviceId.Classifiers;
using DeviceId.Data;
using DeviceId.Models;
using DeviceId.Training;
using static TorchSharp.torch;

namespace DeviceId.Benchmarks;

/// <summary>
/// A training step of the library's network against the same network in plain TorchSharp, in turns, in one process and so with the same
/// OpenMP settings.
/// </summary>
internal static class StepPlain
{
    private const int Batch = 128;
    private const int WarmUpSteps = 60;
    private const int StepsTogether = 10;
    private const int Rounds = 15;

    /// <summary>Prints a row: milliseconds a step of both, and the ratio round by round.</summary>
    public static void Print(string _)
    {
        var shape = SampleShape.AsWritten;
        using var ours = new PstnnStep(Batch);
        using var plain = new PlainPstnn(new PstnnOptions(), shape);
        using var adam = optim.Adam(plain.parameters(), 1e-3);
        var loss = new DeepAndShallowLoss(DeepAndShallowLossOptions.Paper);
        var (supervectors, segments) = (randn(Batch, shape.SupervectorLength), randn(Batch, shape.Frames, shape.Columns));
        var labels = randint(0, shape.Devices, Batch, ScalarType.Int64);
        plain.train();

        void Plain()
        {
            using var scope = NewDisposeScope();
            using var output = plain.call(supervectors, segments);
            adam.zero_grad();
            loss.Compute(output, labels).backward();
            adam.step();
        }

        Times(ours.Run, WarmUpSteps);
        Times(Plain, WarmUpSteps / 4);
        var (mine, theirs) = (new double[Rounds], new double[Rounds]);
        for (var round = 0; round < Rounds; round++)
        {
            mine[round] = Times(ours.Run, StepsTogether);
            theirs[round] = Times(Plain, StepsTogether);
        }

        var ratios = mine.Zip(theirs, (own, other) => other / own).ToArray();
        Console.WriteLine("| step-plain, batch 128 | ours (ms) | plain TorchSharp (ms) | ratio, round by round |");
        Console.WriteLine("| --- | --- | --- | --- |");
        Console.WriteLine($"| {get_num_threads()} threads, {Rounds} rounds of {StepsTogether} steps | {Timing.Range(mine, "0.0")} | {Timing.Range(theirs, "0.0")} | {Timing.Range(ratios, "0.00")} |");
    }

    /// <summary>Milliseconds of a call, mean of several.</summary>
    private static double Times(Action step, int count) => 1000.0 / count * Timing.Seconds(() =>
    {
        for (var i = 0; i < count; i++)
            step();
    });
}
