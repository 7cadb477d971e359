using System.Diagnostics;
using DeviceId.Corpora;
using DeviceId.Experiments;
using DeviceId.Foundation;
using DeviceId.Models;
using static TorchSharp.torch;

namespace DeviceId.Tests.Soak;

/// <summary>
/// A sweep in a process of its own, to be killed: recordings are made, features extracted, networks trained, results stored, all in one
/// folder.
/// </summary>
[Collection(TensorCollection.Name)]
public sealed class SweepProcess
{
    private const string FolderVariable = "DEVICEID_TEST_SWEEP_FOLDER";

    private const string EveryBatchVariable = "DEVICEID_TEST_SWEEP_EVERY_BATCH";

    /// <summary>The size of it: five trainings of a tiny network on four phones.</summary>
    internal static Profile Profile { get; } = Profile.Smoke with
    {
        Simulated = SimulatedCorpusOptions.Small with { SecondsPerSentence = 1.5 },
        FrontEnd = Profile.Smoke.FrontEnd with { Background = Profile.Smoke.FrontEnd.Background with { Components = 8 } },
        Training = Profile.Smoke.Training with { SamplesPerEpoch = 100 },
        Seeds = [1],
    };

    /// <summary>Five networks.</summary>
    internal static IReadOnlyList<Variant> Variants(TrialSettings shared) =>
    [
        new("attention", shared), new("concatenation", shared.WithNetwork(network => network with { Fusion = Fusion.Concatenation })),
        .. new[] { 0, 1, 3 }.Select(layers =>
            new Variant($"{layers} layers", shared.WithNetwork(network => network with { BackEndLayers = layers }))),
    ];

    /// <summary>Where results are.</summary>
    internal static string Results(string folder) => Path.Combine(folder, "trials");

    /// <summary>Where features are kept.</summary>
    internal static string Features(string folder) => Path.Combine(folder, "features");

    /// <summary>Starts a sweep in a folder, on one core's worth of threads.</summary>
    internal static Process Start(string folder) =>
        ChildTest.Start(typeof(SweepProcess), nameof(SweepsUntilItIsKilled), (FolderVariable, folder), ("OMP_NUM_THREADS", "1"));

    /// <summary>The same, with a checkpoint after every batch instead of every ten minutes.</summary>
    internal static Process StartWithCheckpoints(string folder) => ChildTest.Start(
        typeof(SweepProcess), nameof(SweepsUntilItIsKilled), (FolderVariable, folder), (EveryBatchVariable, "1"), ("OMP_NUM_THREADS", "1"));

    [Fact(Explicit = true)]
    public void SweepsUntilItIsKilled()
    {
        var folder = Environment.GetEnvironmentVariable(FolderVariable);
        if (string.IsNullOrEmpty(folder))
            Assert.Skip("This is the child process of KillTests, not a test.");
        ComputeDevice.Load();
        set_num_threads(1);
        var corpus = SimulatedCorpus.Open(Profile.Simulated, folder);
        using var runner = new TrialRunner(corpus, new Pipeline(Features(folder), CPU));
        var sweep = new Sweep(runner, new TrialStore(Results(folder)), Profile)
        {
            CheckpointEvery = Environment.GetEnvironmentVariable(EveryBatchVariable) is null ? TimeSpan.FromMinutes(10) : TimeSpan.Zero,
        };
        sweep.Run(Variants(Profile.Settings), cancellationToken: TestContext.Current.CancellationToken);
    }
}
