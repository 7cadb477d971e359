using DeviceId.Corpora;
using DeviceId.Data;
using DeviceId.Experiments;
using DeviceId.Features;
using DeviceId.Foundation;
using DeviceId.Models;
using DeviceId.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Tests.Training;

/// <summary>
/// The losses of the first ten steps from fixed weights without dropout, as commit 0dd20dc computed them: networks, losses and Adam may be
/// rewritten, but must compute the same.
/// </summary>
/// <remarks>
/// Weights and samples come from <see cref="SplitMix64"/>, in the order in which the network lists its parameters. The expected losses were
/// printed by this test at 0dd20dc in double precision, where rounding is far below Adam's 1e-8. In single precision it is not: where a
/// gradient is zero except for rounding (the bias of a convolution before batch normalisation), Adam takes a whole step by its sign. The
/// losses on one machine differed between one thread and two, and between AVX-512 and AVX2, by relative errors of up to 2e-3 (DNN), 4e-3
/// (ResNet) and 1.2e-2 (2020), most in the last steps. A wrong gradient or a missing layer changes the second loss by more than that.
/// </remarks>
[Collection(TensorCollection.Name)]
public sealed class TenStepsTests
{
    private const int Steps = 10;
    private const double LearningRate = 1e-3;
    private const double DoubleTolerance = 1e-9;

    private static readonly PstnnOptions Small = new()
    {
        Embedding = 64, LstmUnits = [7, 10], Dropout = 0,
    };

    private static readonly SampleShape Shape = new(Devices: 5, Components: 16, Coefficients: 16, Frames: 12);

    /// <summary>Every branch, both kinds of fusion, every depth of the back end.</summary>
    public static TheoryData<string> Names { get; } = [.. Networks.Keys];

    private static Dictionary<string, (Func<DeviceNetwork> Make, double SingleTolerance, double[] Losses)> Networks => new()
    {
        ["DNN, Bi-LSTM, attention"] = (() => Pstnn.Create(Small, Shape, 1), 0.005,
            [1.70926405316, 1.37066333569, 1.2299003941, 1.14467998292, 1.08658196509, 1.04574567383, 1.01522537951, 0.989938603914,
            0.968328886485, 0.949825008121]),
        ["CNN, LSTM, attention, softmax only"] = (() =>
            Pstnn.Create(Small with { Spatial = SpatialNetwork.Cnn, Temporal = TemporalNetwork.Lstm, BackEndLayers = 0 }, Shape, 1), 0.005,
            [1.61941440806, 1.58374179304, 1.55861483322, 1.5347740558, 1.50933027752, 1.48301765207, 1.45500138505, 1.42481187802,
            1.39304245773, 1.35921408578]),
        ["ResNet, Bi-LSTM, concatenation, 3 layers"] = (() =>
            Pstnn.Create(Small with { Spatial = SpatialNetwork.ResNet, Fusion = Fusion.Concatenation, BackEndLayers = 3 }, Shape, 1), 0.005,
            [1.64658105414, 1.49345836635, 1.40021753904, 1.29969451105, 1.24759640206, 1.19935638974, 1.1624126983, 1.13363888047,
            1.10947978416, 1.08755996329]),
        ["DNN alone, 1 layer"] = (() => Pstnn.Create(Small with { Temporal = TemporalNetwork.None, BackEndLayers = 1 }, Shape, 1), 0.005,
            [1.59881173865, 1.15898047424, 0.907222725295, 0.748073830368, 0.628391977049, 0.533824146637, 0.455917873144, 0.391137467629,
            0.338925874756, 0.295382987949]),
        ["LSTM alone"] = (() => Pstnn.Create(Small with { Spatial = SpatialNetwork.None, Temporal = TemporalNetwork.Lstm }, Shape, 1),
            0.005, [1.63388922462, 1.41353871514, 1.30530429989, 1.24249168333, 1.20185375753, 1.17341376058, 1.15277013147, 1.13754703874,
            1.12599796335, 1.11670805314]),
        ["2020, three features"] = (() => new MultiFeatureCnnOptions { Embedding = 64, Dropout = 0 }
            .Create(Shape with { FurtherColumns = 20 }, 1), 0.03,
            [1.70055751831, 0.890113799628, 0.542882751324, 0.328653038125, 0.228377419596, 0.16410567764, 0.122872718019, 0.0971631971654,
            0.0785605750051, 0.0654325457654]),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void FromFixedWeightsTheLossesAreUnchangedOnBothBackends(string name)
    {
        var (make, tolerance, losses) = Networks[name];
        foreach (var (type, accelerated) in new[] { (ScalarType.Float64, true), (ScalarType.Float32, true), (ScalarType.Float32, false) })
        {
            using var backend = new BackendSwitch(accelerated);
            using var scope = NewDisposeScope();
            using var network = make();
            var columns = network is MultiFeatureCnn ? 36 : Shape.Coefficients;
            var batch = (Normals(11, 40, 256), Normals(12, 40, Shape.Frames, columns), arange(40, ScalarType.Int64).remainder(5));
            AssertAgree(losses, Losses(network, type, _ => batch), type == ScalarType.Float64 ? DoubleTolerance : tolerance);
        }
    }

    /// <summary>Both backends use the same masks: dropout of 0.5 changes losses by tenths, other masks by hundredths.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void WithDropoutBothBackendsAndBothPrecisionsSeeTheSameMasks(string name)
    {
        var (make, tolerance, withoutDropout) = Networks[name];
        var exact = Run(ScalarType.Float64, true);
        Assert.True(exact.Zip(withoutDropout).Any(pair => Math.Abs(pair.First - pair.Second) > tolerance), "dropout changed nothing");
        foreach (var accelerated in new[] { true, false })
        {
            // The first loss precedes any training: rounding alone. Later losses amplify it, with dropout about three times as much as
            // without.
            var single = Run(ScalarType.Float32, accelerated);
            AssertAgree(exact[..1], single[..1], 1e-5);
            AssertAgree(exact, single, 4 * tolerance);
        }

        double[] Run(ScalarType type, bool accelerated)
        {
            using var backend = new BackendSwitch(accelerated);
            using var scope = NewDisposeScope();
            using var network = make();
            foreach (var dropout in network.modules().OfType<SeededDropout>())
                dropout.Probability = 0.5;
            var columns = network is MultiFeatureCnn ? 36 : Shape.Coefficients;
            var batch = (Normals(11, 40, 256), Normals(12, 40, Shape.Frames, columns), arange(40, ScalarType.Int64).remainder(5));
            return Losses(network, type, step =>
            {
                Seeds.Set(step);
                return batch;
            });
        }
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void OnThePublicRecordingsTheReferenceNetworksLossesAreUnchanged()
    {
        var corpus = CcnuMobile.Open(TestPaths.RealData("ccnu-mobile"));
        var settings = Profile.Standard.Settings;
        using var cache = new TemporaryFolder();
        var (frontEnd, data) = FrontEnd.Fit(
            Profile.Standard.Splits(corpus)[0].Train, settings.FrontEnd,
            new FeatureStore(cache.Path, settings.FrontEnd.CreateFeatures(CPU)), CPU);
        using var network = Pstnn.Create(new PstnnOptions { Dropout = 0 }, settings.FrontEnd.Shape(corpus.Devices.Count), 1);
        var batches = new BatchSampler(data.Count, 128, seed: 1).Batches(0).Take(Steps).ToList();
        using (frontEnd)
        using (data)
        using (NewDisposeScope())
        {
            var losses = Losses(network, ScalarType.Float32, step =>
            {
                var index = tensor(batches[step]);
                return (data.Supervectors.index_select(0, index), data.Segments.index_select(0, index), data.Labels.index_select(0, index));
            });
            // Single precision throughout: rounding in the features changes the samples.
            AssertAgree([3.88427, 3.67339, 3.54454, 3.25446, 3.16199, 2.93097, 2.81344, 2.536, 2.33154, 2.19818], losses, 0.01);
        }
    }

    private static void AssertAgree(double[] expected, double[] actual, double tolerance)
    {
        var printed = string.Join(", ", actual.Select(loss => loss.ToString("R", System.Globalization.CultureInfo.InvariantCulture)));
        Assert.True(expected.Length == actual.Length
            && expected.Zip(actual).All(pair => Math.Abs(pair.First - pair.Second) <= tolerance * pair.First), $"the losses are {printed}");
    }

    private static double[] Losses(
        DeviceNetwork network, ScalarType type, Func<int, (Tensor Supervectors, Tensor Segments, Tensor Labels)> batch)
    {
        network.to(type);
        SetWeights(network);
        network.train();
        using var adam = new Adam(network.parameters());
        var loss = new DeepAndShallowLoss(DeepAndShallowLossOptions.Paper);
        return [.. Enumerable.Range(0, Steps).Select(step =>
        {
            using var scope = NewDisposeScope();
            var (supervectors, segments, labels) = batch(step);
            using var output = network.call(supervectors.to(type), segments.to(type));
            var value = loss.Compute(output, labels);
            network.zero_grad();
            value.backward();
            adam.Step(LearningRate);
            return value.to(ScalarType.Float64).item<double>();
        })];
    }

    /// <summary>
    /// Initialises matrices and kernels uniformly with bound 1 / sqrt(fan-in), like libtorch; scales 1, shifts and biases small.
    /// </summary>
    private static void SetWeights(DeviceNetwork network)
    {
        using var noGradients = no_grad();
        foreach (var ((name, parameter), i) in network.named_parameters().Select((p, i) => (p, i)))
        {
            using var scope = NewDisposeScope();
            var isScale = parameter.dim() == 1 && name.EndsWith("weight", StringComparison.Ordinal);
            var bound = parameter.dim() == 1 ? 0.1 : 1 / Math.Sqrt(parameter.numel() / parameter.shape[0]);
            var random = new SplitMix64((ulong)(100 + i));
            var values = Enumerable.Range(0, (int)parameter.numel()).Select(_ => isScale ? 1 : random.Uniform(-bound, bound)).ToArray();
            parameter.copy_(tensor(values).reshape(parameter.shape));
        }
    }

    private static Tensor Normals(ulong seed, params long[] shape)
    {
        var random = new SplitMix64(seed);
        return tensor(Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(_ => random.Normal()).ToArray()).reshape(shape);
    }
}
