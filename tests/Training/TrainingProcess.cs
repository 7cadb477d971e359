using System.Diagnostics;
using DeviceId.Foundation;
using DeviceId.Models;
using DeviceId.Tests.Models;
using DeviceId.Training;

namespace DeviceId.Tests.Training;

/// <summary>A training in its own process, to be killed: this same test program, running only the explicit test below.</summary>
[Collection(TensorCollection.Name)]
public sealed class TrainingProcess
{
    private const string FolderVariable = "DEVICEID_TEST_TRAINING_FOLDER";
    private const string HaltVariable = "DEVICEID_TEST_TRAINING_HALT";

    /// <summary>The settings of the training, in the process and in the uninterrupted reference.</summary>
    internal static TrainingOptions Options { get; } = TrainingSamples.Options with { Epochs = 40, LearningRateDecayEpochs = 10 };

    /// <summary>The checkpoint file of the process.</summary>
    internal static string CheckpointFile(string folder) => Path.Combine(folder, "training.checkpoint");

    /// <summary>The file that the process writes when it halts.</summary>
    internal static string HaltedFile(string folder) => Path.Combine(folder, "halted");

    /// <summary>Starts a training that writes its checkpoints into a folder; it reports every batch.</summary>
    /// <param name="folder">The checkpoint folder.</param>
    /// <param name="halt">The batch after which the process halts until it is killed, or null.</param>
    internal static Process Start(string folder, (int Epoch, int Batch)? halt)
    {
        var haltedAt = halt is { } at ? $"{at.Epoch}.{at.Batch}" : "";
        return ChildTest.Start(typeof(TrainingProcess), nameof(TrainsUntilItIsKilled), (FolderVariable, folder), (HaltVariable, haltedAt));
    }

    [Fact(Explicit = true)]
    public void TrainsUntilItIsKilled()
    {
        var folder = Environment.GetEnvironmentVariable(FolderVariable);
        if (string.IsNullOrEmpty(folder))
            Assert.Skip("This is the child process of ResumeTests, not a test.");
        var halt = Environment.GetEnvironmentVariable(HaltVariable);
        using var thread = new SingleThread();
        using var data = TrainingSamples.Make();
        using var network = Pstnn.Create(TrainingSamples.Network, TinyNetwork.Shape, Options.Seed);
        var checkpoints = TrainingSamples.AfterEveryBatch(CheckpointFile(folder));
        TrainingSamples.Fit(network, data, Options, checkpoints: checkpoints, onReport: report =>
        {
            ChildTest.Report();
            if ($"{report.Epoch}.{report.Batch}" == halt)
                ChildTest.Halt(HaltedFile(folder));
        });
    }
}
