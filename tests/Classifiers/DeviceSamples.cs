using DeviceId.Classifiers;
using DeviceId.Corpora;
using DeviceId.Data;
using DeviceId.Foundation;
using DeviceId.Mixtures;
using static TorchSharp.torch;

namespace DeviceId.Tests.Classifiers;

/// <summary>
/// Samples of synthetic devices. The frames of a segment are equally often of three sounds, which all devices share, plus noise; each
/// device adds a constant vector (its channel), each sentence a smaller one.
/// </summary>
internal sealed class DeviceSamples : IDisposable
{
    public const int Frames = 15;
    public const int Columns = 4;

    private readonly double[][] _speech;
    private readonly double[][] _channels;
    private readonly SplitMix64 _random;

    /// <param name="devices">Number of devices.</param>
    /// <param name="seed">Seed of all values.</param>
    /// <param name="channel">Standard deviation of the devices' vectors; the frames vary by 1.</param>
    public DeviceSamples(int devices = 5, ulong seed = 1, double channel = 1.5)
    {
        (_random, Devices) = (new SplitMix64(seed), [.. Enumerable.Range(0, devices).Select(d => $"device{d}")]);
        _speech = Vectors(3, 3);
        _channels = Vectors(devices, channel);
        using (var means = tensor(_speech.SelectMany(row => row).ToArray(), device: CPU).reshape(3, Columns))
        using (var weights = full(3, 1.0 / 3, ScalarType.Float64, CPU))
        using (var variances = full([3, Columns], 1 + (channel * channel), ScalarType.Float64, CPU))
            Background = new DiagonalGmm(weights, means, variances);
    }

    public IReadOnlyList<string> Devices { get; }

    /// <summary>A background model of the speech.</summary>
    public DiagonalGmm Background { get; }

    public VectorContext Context => new(Background, 7, CPU);

    /// <summary>Training samples.</summary>
    /// <param name="sentences">Number of sentences.</param>
    /// <param name="each">Number of samples of each device and sentence.</param>
    /// <param name="change">Changes the segments (sample, frame, column) in place; null for no change.</param>
    public TrainDataset Train(int sentences = 3, int each = 4, Action<Tensor>? change = null)
    {
        using var scope = NewDisposeScope();
        var (segments, labels, recordingOf, recordings) = Draw(sentences, each);
        change?.Invoke(segments);
        return new TrainDataset(Supervectors(segments), segments, labels, recordingOf, Devices, recordings);
    }

    /// <summary>Samples of another sentence, with their labels.</summary>
    /// <param name="each">Number of samples of each device.</param>
    public (SampleBatch Batch, Tensor Labels) Test(int each = 3)
    {
        using var scope = NewDisposeScope();
        var (segments, labels, _, _) = Draw(1, each);
        return (new SampleBatch(Supervectors(segments).DetachFromDisposeScope(), segments.DetachFromDisposeScope()),
            labels.DetachFromDisposeScope());
    }

    public void Dispose() => Background.Dispose();

    /// <summary>Supervectors of segments, as a front end makes them.</summary>
    public Tensor Supervectors(Tensor segments)
    {
        using var adaptation = new MapAdaptation(Background, 4, CPU);
        using var means = adaptation.Means(segments);
        return Supervector.FromMeans(means, Background, SupervectorScaling.KullbackLeibler, centred: true);
    }

    private (Tensor Segments, Tensor Labels, int[] RecordingOf, List<Recording> Recordings) Draw(int sentences, int each)
    {
        var (values, labels, recordingOf, recordings) = (new List<float>(), new List<long>(), new List<int>(), new List<Recording>());
        for (var sentence = 0; sentence < sentences; sentence++)
        {
            var offset = Vectors(1, 0.2)[0];
            for (var device = 0; device < Devices.Count; device++)
            {
                recordings.Add(new Recording($"/{device}_{sentence}.wav", Devices[device], $"{sentence}", $"{sentence}", 8000, 1));
                for (var i = 0; i < each * Frames; i++)
                {
                    var sound = _speech[i % _speech.Length];
                    values.AddRange(Enumerable.Range(0, Columns)
                        .Select(c => (float)(sound[c] + offset[c] + _channels[device][c] + _random.Normal())));
                }

                labels.AddRange(Enumerable.Repeat((long)device, each));
                recordingOf.AddRange(Enumerable.Repeat(recordings.Count - 1, each));
            }
        }

        return (tensor(values.ToArray(), device: CPU).reshape(-1, Frames, Columns), tensor(labels.ToArray(), device: CPU), [.. recordingOf],
            recordings);
    }

    private double[][] Vectors(int count, double deviation) =>
        [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, Columns).Select(_ => deviation * _random.Normal()).ToArray())];
}
