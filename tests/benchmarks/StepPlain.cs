using DeviceId.Data;
using DeviceId.Models;
using DeviceId.Training;
using static TorchSharp.torch;

namespace DeviceId.Benchmarks;

/// <summary>
/// Compares a training step of the library's network with the same network in plain TorchSharp, alternating in one process and thus with
/// the same OpenMP settings.
/// </summary>
internal static class StepPlain
{
    private const int Batch = 128;
    private const int WarmUpSteps = 60;
    private const int StepsPerRound = 10;
    private const int Rounds = 15;

    /// <summary>Prints a row: milliseconds per step of both, and their ratio in each round.</summary>
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

        Milliseconds(ours.Run, WarmUpSteps);
        Milliseconds(Plain, WarmUpSteps / 4);
        var (ourTimes, plainTimes) = (new double[Rounds], new double[Rounds]);
        for (var round = 0; round < Rounds; round++)
        {
            ourTimes[round] = Milliseconds(ours.Run, StepsPerRound);
            plainTimes[round] = Milliseconds(Plain, StepsPerRound);
        }

        var ratios = ourTimes.Zip(plainTimes, (ourTime, plainTime) => plainTime / ourTime).ToArray();
        Console.WriteLine("| step-plain, batch 128 | ours (ms) | plain TorchSharp (ms) | ratio per round |");
        Console.WriteLine("| --- | --- | --- | --- |");
        Console.WriteLine(
            $"| {get_num_threads()} threads, {Rounds} rounds of {StepsPerRound} steps | {Timing.Range(ourTimes, "0.0")} "
            + $"| {Timing.Range(plainTimes, "0.0")} | {Timing.Range(ratios, "0.00")} |");
    }

    /// <summary>Mean milliseconds of a call.</summary>
    private static double Milliseconds(Action step, int count) => 1000.0 / count * Timing.Seconds(() =>
    {
        for (var i = 0; i < count; i++)
            step();
    });
}
