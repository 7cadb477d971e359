using System.Diagnostics;
using DeviceId.Corpora;
using DeviceId.Experiments;
using DeviceId.Foundation;
using DeviceId.Models;
using DeviceId.Tests.Training;
using static TorchSharp.torch;

namespace DeviceId.Tests.Soak;

/// <summary>
/// A sweep in its own process, to be killed: it simulates recordings, extracts features, trains networks and stores results, all in one
/// folder.
/// </summary>
[Collection(TensorCollection.Name)]
public sealed class SweepProcess
{
    private const string FolderVariable = "DEVICEID_TEST_SWEEP_FOLDER";

    private const string HaltVariable = "DEVICEID_TEST_SWEEP_HALT";

    /// <summary>The profile: five trainings of a tiny network on four phones.</summary>
    internal static Profile Profile { get; } = Profile.Smoke with
    {
        Simulated = SimulatedCorpusOptions.Small with { SecondsPerSentence = 1.5 },
        FrontEnd = Profile.Smoke.FrontEnd with { Background = Profile.Smoke.FrontEnd.Background with { Components = 8 } },
        Training = Profile.Smoke.Training with { SamplesPerEpoch = 100 },
        Seeds = [1],
    };

    /// <summary>Five variants of the network.</summary>
    internal static IReadOnlyList<Variant> Variants(TrialSettings shared) =>
    [
        new("attention", shared), new("concatenation", shared.WithNetwork(network => network with { Fusion = Fusion.Concatenation })),
        .. new[] { 0, 1, 3 }.Select(layers =>
            new Variant($"{layers} layers", shared.WithNetwork(network => network with { BackEndLayers = layers }))),
    ];

    /// <summary>The folder of the results.</summary>
    internal static string Results(string folder) => Path.Combine(folder, "trials");

    /// <summary>The folder of the feature cache.</summary>
    internal static string Features(string folder) => Path.Combine(folder, "features");

    /// <summary>The file that the process writes when it halts.</summary>
    internal static string HaltedFile(string folder) => Path.Combine(folder, "halted");

    /// <summary>Starts a sweep in a folder, on one thread; it reports every step, down to the batches.</summary>
    internal static Process Start(string folder) =>
        ChildTest.Start(typeof(SweepProcess), nameof(SweepsUntilItIsKilled), (FolderVariable, folder), ("OMP_NUM_THREADS", "1"));

    /// <summary>
    /// The same with a checkpoint after every batch instead of every ten minutes. The process halts in the second epoch of the first
    /// training that it starts from the beginning.
    /// </summary>
    internal static Process StartWithCheckpoints(string folder) => ChildTest.Start(
        typeof(SweepProcess), nameof(SweepsUntilItIsKilled), (FolderVariable, folder), (HaltVariable, "1"), ("OMP_NUM_THREADS", "1"));

    [Fact(Explicit = true)]
    public void SweepsUntilItIsKilled()
    {
        var folder = Environment.GetEnvironmentVariable(FolderVariable);
        if (string.IsNullOrEmpty(folder))
            Assert.Skip("This is the child process of KillTests, not a test.");
        var halts = Environment.GetEnvironmentVariable(HaltVariable) is not null;
        ComputeDevice.Load();
        set_num_threads(1);
        var corpus = SimulatedCorpus.Open(Profile.Simulated, folder, new OnWork(ChildTest.Report));
        var started = false;
        var pipeline = new Pipeline(Features(folder), CPU)
        {
            Work = new OnWork(ChildTest.Report),
            Training = new OnReport(report =>
            {
                ChildTest.Report();
                // A training that resumes from a checkpoint does not report this batch.
                started |= report is { Epoch: 1, Batch: 1 };
                if (halts && started && report.Epoch == 2)
                    ChildTest.Halt(HaltedFile(folder));
            }),
        };
        using var runner = new TrialRunner(corpus, pipeline);
        var sweep = new Sweep(runner, new TrialStore(Results(folder)), Profile)
        {
            CheckpointEvery = halts ? TimeSpan.Zero : TimeSpan.FromMinutes(10),
        };
        sweep.Run(Variants(Profile.Settings), cancellationToken: TestContext.Current.CancellationToken);
    }

    /// <summary>Reports synchronously, on the thread that does the work.</summary>
    private sealed class OnWork(Action action) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => action();
    }
}
