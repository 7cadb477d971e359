using DeviceId.Classifiers;
using DeviceId.Data;
using static TorchSharp.torch;

namespace DeviceId.Identification;

/// <summary>Collects samples of several blocks, so that the network reads its weights once for many samples.</summary>
/// <param name="network">Scores the samples.</param>
internal sealed class ScoreQueue(NetworkClassifier network)
{
    private const int BatchSamples = 128;

    private readonly List<(SampleBatch Samples, Action<float[][]> Receive)> _waiting = [];

    /// <summary>Adds samples, and scores all if they make a batch.</summary>
    /// <param name="samples">At least one sample; the queue disposes of them.</param>
    /// <param name="receive">Receives the scores, (sample, device), now or later.</param>
    public void Add(SampleBatch samples, Action<float[][]> receive)
    {
        _waiting.Add((Detach(samples), receive));
        if (_waiting.Sum(part => part.Samples.Segments.shape[0]) >= BatchSamples)
            ScoreAll();
    }

    /// <summary>Scores the samples that are waiting.</summary>
    public void ScoreAll()
    {
        if (_waiting.Count == 0)
            return;
        using var scope = NewDisposeScope();
        var all = new SampleBatch(Join(samples => samples.Supervectors), Join(samples => samples.Segments));
        var scores = network.Scores(all);
        var rows = scores.data<float>().ToArray().Chunk((int)scores.shape[1]).ToArray();
        var first = 0;
        foreach (var (samples, receive) in _waiting)
        {
            var count = (int)samples.Segments.shape[0];
            receive(rows[first..(first + count)]);
            first += count;
            samples.Dispose();
        }

        _waiting.Clear();
    }

    private static SampleBatch Detach(SampleBatch samples) =>
        new(samples.Supervectors.DetachFromDisposeScope(), samples.Segments.DetachFromDisposeScope());

    private Tensor Join(Func<SampleBatch, Tensor> part) => cat([.. _waiting.Select(w => part(w.Samples))], 0);
}
