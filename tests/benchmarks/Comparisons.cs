using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using DeviceId.Acceleration.Layers;
using DeviceId.Audio;
using DeviceId.Classifiers;
using DeviceId.Data;
using DeviceId.Features;
using DeviceId.Mixtures;
using DeviceId.Models;
using static TorchSharp.torch;

namespace DeviceId.Benchmarks;

/// <summary>The comparisons by name. Inputs are created once in a folder and read by both libraries.</summary>
internal sealed class Comparisons(string folder, int threads)
{
    private const int Rate = 32000;
    private const int Dimension = 39;
    private const int Batch = 128;
    private const int SvmWidth = 2496;
    private const int SvmSamples = 2250;

    private readonly int[] _peerThreads = threads == 1 ? [1] : [1, threads];

    public IReadOnlyDictionary<string, Func<Comparison>> All => new Dictionary<string, Func<Comparison>>
    {
        ["mfcc"] = Features,
        ["em-64-sklearn"] = () => Em(64, "scikit-learn GaussianMixture", "sklearn_em", ">= 10"),
        ["em-64-numpy"] = () => Em(64, "NumPy float32", "numpy_em", ">= 2"),
        ["em-256-sklearn"] = () => Em(256, "scikit-learn GaussianMixture", "sklearn_em", ">= 10"),
        ["em-256-numpy"] = () => Em(256, "NumPy float32", "numpy_em", ">= 2"),
        ["em-1024-numpy"] = () => Em(1024, "NumPy float32", "numpy_em", "-"),
        ["map"] = Map,
        ["step"] = TrainingStep,
        ["bilstm"] = BiLstm,
        ["svm"] = Svm,
    };

    private Comparison Features()
    {
        var samples = 3600 * Rate;
        var file = Path.Combine(folder, "hour.wav");
        if (!File.Exists(file))
        {
            var random = new Random(1);
            var noise = new float[Rate * 60];
            for (var i = 0; i < noise.Length; i++)
                noise[i] = (float)(0.1 * (random.NextDouble() - 0.5) * (1 + Math.Sin(i / 5000.0)));
            WaveFile.Write(file, new AudioClip([.. Enumerable.Range(0, 60).SelectMany(_ => noise)], Rate));
        }

        var mfcc = new Mfcc(new MfccOptions(), CPU);
        void Extract()
        {
            using var recording = WaveFile.Open(file);
            mfcc.Extract(recording).Dispose();
        }

        var request = new JsonObject { ["work"] = "torchaudio_mfcc", ["file"] = file, ["samples"] = samples, ["rate"] = Rate };
        return new Comparison(
            "WAV file to 39 MFCC, one hour at 32 kHz, reading included", "torchaudio (Kaldi-compliant)", ">= 5", Extract, request,
            _peerThreads);
    }

    private string Frames(int count)
    {
        var file = Path.Combine(folder, $"frames-{count}.f32");
        if (!File.Exists(file))
        {
            using var scope = NewDisposeScope();
            random.manual_seed(1);
            // Clustered, so that EM has structure to fit.
            var centres = randn(200, Dimension) * 3;
            var frames = centres.index_select(0, randint(0, 200, count, ScalarType.Int64)) + randn(count, Dimension);
            File.WriteAllBytes(file, frames.contiguous().bytes.ToArray());
        }

        return file;
    }

    private static Tensor Read(string file, int width)
    {
        var values = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(file)).ToArray();
        return tensor(values).reshape(-1, width);
    }

    private Comparison Em(int components, string peerName, string work, string target)
    {
        const int Count = 1_000_000;
        var file = Frames(Count);
        var frames = Read(file, Dimension);
        var pool = new FramePool([frames], 4096);
        var model = Model(frames, components);
        var trainer = new GmmTrainer(new GmmOptions { Components = components }, CPU);
        var (mean, variance) = pool.Moments(default);
        var scale = variance.sqrt();
        return new Comparison(
            $"EM, one iteration, {components} Gaussians x {Dimension}, {Count:N0} frames", peerName, target,
            () => trainer.Iterate(model, pool, mean, scale, default).Model.Dispose(),
            new JsonObject { ["work"] = work, ["file"] = file, ["components"] = components }, _peerThreads);
    }

    private static DiagonalGmm Model(Tensor frames, int components) => new(
        full(components, 1.0 / components, ScalarType.Float64), frames.narrow(0, 0, components).to(ScalarType.Float64),
        ones(components, Dimension, ScalarType.Float64));

    private Comparison Map()
    {
        const int Utterances = 5000;
        var file = Frames(1_000_000);
        var frames = Read(file, Dimension);
        var adaptation = new MapAdaptation(Model(frames, 64));
        var segments = frames.reshape(Utterances, 200, Dimension);
        var request = new JsonObject { ["work"] = "numpy_map", ["file"] = file, ["components"] = 64, ["utterances"] = Utterances };
        return new Comparison(
            $"MAP supervectors, 64 Gaussians, {Utterances:N0} utterances of 200 frames", "NumPy float32", ">= 10,000 per second",
            () => adaptation.Means(segments).Dispose(), request, _peerThreads);
    }

    private Comparison TrainingStep()
    {
        const int Steps = 5;
        var (options, shape) = (new PstnnOptions(), SampleShape.AsWritten);
        var step = new PstnnStep(Batch);
        void Run()
        {
            for (var i = 0; i < Steps; i++)
                step.Run();
        }

        var description = new JsonObject
        {
            ["supervector"] = shape.SupervectorLength, ["embedding"] = options.Embedding, ["dropout"] = options.Dropout,
            ["units"] = new JsonArray(options.LstmUnits[0], options.LstmUnits[1]),
            ["classes"] = shape.Devices, ["back"] = new JsonArray([.. options.BackEndWidths.Select(w => (JsonNode)w)]),
        };
        return new Comparison(
            $"PSTNN training, DNN + Bi-LSTM, {Steps} steps of batch {Batch} ({step.Weights:N0} weights)", "PyTorch",
            ">= 1.43 (0.7 of its time)", Run,
            new JsonObject { ["work"] = "torch_step", ["steps"] = Steps, ["network"] = description }, _peerThreads);
    }

    private Comparison BiLstm()
    {
        const int Steps = 5;
        var (options, shape) = (new PstnnOptions(), SampleShape.AsWritten);
        var first = new AcceleratedLstm(shape.Columns, options.LstmUnits[0], bidirectional: true, CPU);
        var second = new AcceleratedLstm(2 * options.LstmUnits[0], options.LstmUnits[1], bidirectional: true, CPU);
        var input = randn(Batch, shape.Frames, shape.Columns);
        void Run()
        {
            for (var i = 0; i < Steps; i++)
            {
                using var scope = NewDisposeScope();
                first.zero_grad();
                second.zero_grad();
                second.call(first.call(input)).mean().backward();
            }
        }

        var request = new JsonObject
        {
            ["work"] = "torch_bilstm", ["steps"] = Steps, ["batch"] = Batch,
            ["units"] = new JsonArray(options.LstmUnits[0], options.LstmUnits[1]),
        };
        return new Comparison(
            $"Bi-LSTM layers, forward and backward, {Steps} times batch {Batch}", "PyTorch", ">= 1.25 (0.8 of its time)", Run, request,
            _peerThreads);
    }

    private Comparison Svm()
    {
        var file = Path.Combine(folder, "svm.f32");
        if (!File.Exists(file))
        {
            random.manual_seed(2);
            var classes = randn(45, SvmWidth) * 0.3;
            var values = classes.index_select(0, arange(SvmSamples).remainder(45)) + randn(SvmSamples, SvmWidth);
            File.WriteAllBytes(file, values.contiguous().bytes.ToArray());
        }

        var samples = Read(file, SvmWidth);
        var labels = arange(SvmSamples).remainder(45);
        var gram = samples.matmul(samples.t());
        return new Comparison(
            $"SVM on a precomputed Gram matrix, 45 classes, {SvmSamples:N0} x {SvmWidth:N0}", "scikit-learn SVC (LIBSVM)", ">= 0.5",
            () => SupportVectorMachine.Fit(gram, labels, 45, new SvmOptions { Kernel = SvmKernel.Precomputed }).Dispose(),
            new JsonObject { ["work"] = "sklearn_svc", ["file"] = file, ["width"] = SvmWidth }, [1]);
    }
}
