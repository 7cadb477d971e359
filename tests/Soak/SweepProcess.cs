using System.Diagnostics;
using DeviceId.Corpora;
using DeviceId.Experiments;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Tests.Soak;

/// <summary>A sweep in a process of its own, to be killed: recordings are made, features extracted, networks trained, results stored, all in one folder.</summary>
[Collection(TensorCollection.Name)]
public sealed class SweepProcess
{
    private const string FolderVariable = "DEVICEID_TEST_SWEEP_FOLDER";

    /// <summary>The size of it: four trainings of a tiny network on four phones.</summary>
    internal static Profile Profile { get; } = Profile.Smoke with
    {
        Simulated = SimulatedCorpusOptions.Small with { SecondsPerSentence = 1.5 },
        FrontEnd = Profile.Smoke.FrontEnd with { Background = Profile.Smoke.FrontEnd.Background with { Components = 8 } },
        Training = Profile.Smoke.Training with { SamplesPerEpoch = 100 },
        Seeds = [1, 2],
    };

    /// <summary>Where results are.</summary>
    internal static string Results(string folder) => Path.Combine(folder, "trials");

    /// <summary>Where features are kept.</summary>
    internal static string Features(string folder) => Path.Combine(folder, "features");

    /// <summary>Starts a sweep in a folder, on one core's worth of threads.</summary>
    internal static Process Start(string folder) =>
        ChildTest.Start(typeof(SweepProcess), nameof(SweepsUntilItIsKilled), (FolderVariable, folder), ("OMP_NUM_THREADS", "1"));

    [Fact(Explicit = true)]
    public void SweepsUntilItIsKilled()
    {
        var folder = Environment.GetEnvironmentVariable(FolderVariable);
        if (string.IsNullOrEmpty(folder))
            Assert.Skip("This is the child process of KillTests, not a test.");
        ComputeDevice.Load();
        set_num_threads(1);
        var corpus = SimulatedCorpus.Open(Profile.Simulated, folder);
        using var laboratory = new Laboratory(corpus, Features(folder), CPU);
        new Sweep(laboratory, new TrialStore(Results(folder)), Profile).Run(ExperimentCatalog.Named("05-attention").Variants(Profile, corpus.Devices.Count), cancellationToken: TestContext.Current.CancellationToken);
    }
}
