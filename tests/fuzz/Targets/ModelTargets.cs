using DeviceId.Classifiers;
using DeviceId.Corpora;
using DeviceId.Data;
using DeviceId.Foundation;
using DeviceId.Mixtures;
using DeviceId.Models;
using DeviceId.Training;
using static TorchSharp.torch;

namespace DeviceId.Fuzz;

/// <summary>Model files of every kind, each read by its own reader and then used once.</summary>
internal static class ModelTargets
{
    private static readonly PstnnOptions Network = new()
    {
        Spatial = SpatialNetwork.None, Temporal = TemporalNetwork.Lstm, BackEndLayers = 0, Embedding = 2, LstmUnits = [1, 1],
    };

    private static readonly SampleShape Shape = new(Devices: 2, Components: 1, Coefficients: 2, Frames: 2);

    private static readonly TrainingOptions Training = new() { Epochs = 1, BatchSize = 2 };

    // One network for all inputs: every network leaks 3 KB (851 bytes per LSTM, 1906 per linear layer, within TorchSharp), 6 GB after two
    // million.
    private static readonly Lazy<(Pstnn Network, Adam Optimiser)> ResumedTraining = new(() =>
    {
        var network = Pstnn.Create(Network, Shape, 1);
        return (network, new Adam(network.parameters()));
    });

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new ModelFileTarget(),
        new ModelTarget("mixture", "background model", typeof(MixtureException),
            folder => Use(Mixture(), m => m.Save(Path.Combine(folder, "1"))), path =>
        {
            using var model = DiagonalGmm.Load(path);
            using var likelihood = model.LogLikelihood(zeros(1, model.Dimension));
        }),
        new ModelTarget("gmm-ubm", "GMM-UBM", typeof(ModelFileException), SaveGmmUbm, path =>
        {
            using var system = GmmUbm.Load(path, CPU);
            using var samples = new SampleBatch(zeros(1, 0), zeros(1, 2, system.Devices[0].Dimension));
            using var scores = system.Scores(samples);
        }),
        new ModelTarget("svm", "support vector machine", typeof(ModelFileException), SaveMachines, path =>
        {
            using var machine = SupportVectorMachine.Load(path);
            var state = machine.State();
            var values = machine.Options.Kernel == SvmKernel.Rbf ? state[^1].Tensor.shape[1] : state[0].Tensor.shape[1];
            using var scores = machine.Scores(zeros(1, values));
        }),
        new ModelTarget("gsv-svm", "GSV-SVM", typeof(ModelFileException), SaveClassifier, path =>
        {
            using var system = GsvSvm.Load(path);
            var state = system.Machine!.State();
            using var samples = new SampleBatch(zeros(1, state[0].Tensor.shape[1]), zeros(1, 1, 1));
            using var scores = system.Scores(samples);
        }),
        new ModelTarget("network", "network", typeof(ModelFileException), SaveNetwork, path =>
        {
            using var system = NetworkClassifier.Load(path, CPU);
            var shape = system.Network.Shape;
            if (system.Network.Settings is not PstnnOptions options)
                return;
            // A missing branch does not determine the size of its input.
            var supervectors = options.Spatial == SpatialNetwork.None ? zeros(1, 0) : zeros(1, shape.SupervectorLength);
            var segments = options.Temporal == TemporalNetwork.None ? zeros(1, 1, 1) : zeros(1, shape.Frames, shape.Columns);
            using var samples = new SampleBatch(supervectors, segments);
            system.Scores(samples).Dispose();
        }),
        new ModelTarget("checkpoint", "training checkpoint", typeof(CheckpointException), SaveCheckpoint, path =>
        {
            var (network, optimiser) = ResumedTraining.Value;
            Checkpoint.Read(path, network, optimiser, Training, "data")?.Dispose();
        }),
    ];

    private static DiagonalGmm Mixture()
    {
        ComputeDevice.Load();
        return new DiagonalGmm(tensor(new[] { 0.25, 0.75 }), tensor(new double[,] { { 0, 1 }, { 2, 3 } }),
            tensor(new double[,] { { 1, 2 }, { 3, 4 } }));
    }

    private static void SaveGmmUbm(string folder)
    {
        using var mixture = Mixture();
        using var system = new GmmUbm(mixture, 16, CPU);
        system.Fit(Data());
        system.Save(Path.Combine(folder, "1"));
    }

    private static void SaveMachines(string folder)
    {
        ComputeDevice.Load();
        foreach (var kernel in Enum.GetValues<SvmKernel>())
            foreach (var strategy in Enum.GetValues<SvmStrategy>())
            {
                using var machine = SupportVectorMachine.Fit(tensor(new float[,] { { 2, 1 }, { 1, 2 } }), tensor(new long[] { 0, 1 }), 2,
                    new SvmOptions { Kernel = kernel, Strategy = strategy });
                machine.Save(Path.Combine(folder, $"{kernel}-{strategy}"));
            }
    }

    private static void SaveClassifier(string folder)
    {
        using var system = new GsvSvm();
        system.Fit(Data());
        system.Save(Path.Combine(folder, "1"));
    }

    private static void SaveNetwork(string folder)
    {
        foreach (var (name, options) in new[] { ("1", Network),
            ("2", Network with { Spatial = SpatialNetwork.Dnn, Temporal = TemporalNetwork.None }) })
        {
            using var system = new NetworkClassifier(Pstnn.Create(options, Shape, 1), Training, CPU);
            system.Fit(Data());
            system.Save(Path.Combine(folder, name));
        }
    }

    private static void SaveCheckpoint(string folder)
    {
        ComputeDevice.Load();
        using var network = Pstnn.Create(Network, Shape, 1);
        using var optimiser = new Adam(network.parameters());
        using var finished = new TrainingState { Log = [new EpochResult(1, 0.5, 0.5, 0.001, 1)] };
        finished.StoreTensors(new Dictionary<string, Tensor> { ["half-way"] = ones(2, 2) });
        Checkpoint.Write(Path.Combine(folder, "1"), network, optimiser, Training, "data", finished);
        using var unfinished = new TrainingState { Epoch = new EpochSums(Batches: 1, Loss: 1.5, Right: 1, Seen: 2, Seconds: 0.25) };
        Checkpoint.Write(Path.Combine(folder, "2"), network, optimiser, Training, "data", unfinished);
    }

    /// <summary>Four samples of two devices.</summary>
    private static TrainDataset Data()
    {
        ComputeDevice.Load();
        var recordings = Enumerable.Range(0, 4).Select(i => new Recording($"/{i}.wav", i % 2 == 0 ? "a" : "b", $"{i / 2}", $"{i}", 8000, 1))
            .ToList();
        return new TrainDataset(tensor(new float[,] { { 0, 1 }, { 3, 2 }, { 1, 0 }, { 2, 3 } }),
            arange(16, ScalarType.Float32).view(4, 2, 2), tensor(new long[] { 0, 1, 0, 1 }), [0, 1, 2, 3], ["a", "b"], recordings);
    }

    private static void Use<T>(T value, Action<T> use) where T : IDisposable
    {
        using (value)
            use(value);
    }
}
