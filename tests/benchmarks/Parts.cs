using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using DeviceId.Audio;
using DeviceId.Features;
using DeviceId.Foundation;
using DeviceId.Mixtures;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Benchmarks;

/// <summary>
/// Benchmarks of single parts of the library, to compare versions: <c>dotnet run --project tests/benchmarks -- parts</c>.
/// </summary>
[MemoryDiagnoser]
public class Parts
{
    private const int Dimension = 39;
    private const int Components = 64;

    private readonly Mfcc _mfcc = new(new MfccOptions(), CPU);
    private AudioClip _clip = null!;
    private FramePool _pool = null!;
    private GmmTrainer _trainer = null!;
    private DiagonalGmm _model = null!;
    private MapAdaptation _adaptation = null!;
    private Tensor _segments = null!;
    private Tensor _mean = null!;
    private Tensor _scale = null!;
    private PstnnStep _step = null!;

    /// <summary>Runs all benchmarks in this process, because libtorch is found only beside its executable.</summary>
    internal static void Run(string folder) => BenchmarkRunner.Run<Parts>(
        ManualConfig.Create(DefaultConfig.Instance).AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
            .WithArtifactsPath(Path.Combine(folder, "parts")).WithOptions(ConfigOptions.DisableOptimizationsValidator));

    /// <summary>Creates the inputs.</summary>
    [GlobalSetup]
    public void Setup()
    {
        ComputeDevice.Load();
        torch.random.manual_seed(1);
        var noise = new Random(1);
        _clip = new AudioClip([.. Enumerable.Range(0, 8 * 32000).Select(_ => noise.NextSingle() - 0.5f)], 32000);
        var frames = randn(100_000, Dimension);
        _pool = new FramePool([frames], 4096);
        (_mean, _scale) = _pool.Moments(default);
        _scale = _scale.sqrt();
        _model = new DiagonalGmm(full(Components, 1.0 / Components, ScalarType.Float64),
            frames.narrow(0, 0, Components).to(ScalarType.Float64), ones(Components, Dimension, ScalarType.Float64));
        _trainer = new GmmTrainer(new GmmOptions { Components = Components }, CPU);
        _adaptation = new MapAdaptation(_model);
        _segments = frames.narrow(0, 0, 128 * 64).reshape(128, 64, Dimension);
        _step = new PstnnStep(128);
    }

    /// <summary>39 MFCC of 8 s of audio.</summary>
    [Benchmark]
    public void Features() => _mfcc.Extract(_clip).Dispose();

    /// <summary>An EM iteration, 64 Gaussians, 100,000 frames.</summary>
    [Benchmark]
    public void Expectation() => _trainer.Iterate(_model, _pool, _mean, _scale, default).Model.Dispose();

    /// <summary>MAP adaptation of the means to 128 segments of 64 frames.</summary>
    [Benchmark]
    public void Adaptation() => _adaptation.Means(_segments).Dispose();

    /// <summary>A training step of the paper's network.</summary>
    [Benchmark]
    public void TrainingStep() => _step.Run();
}
