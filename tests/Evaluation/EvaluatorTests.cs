using DeviceId.Corpora;
using DeviceId.Data;
using DeviceId.Evaluation;
using DeviceId.Models;
using DeviceId.Tests.Models;
using static TorchSharp.torch;

namespace DeviceId.Tests.Evaluation;

[Collection(TensorCollection.Name)]
public sealed class EvaluatorTests
{
    [Fact]
    public void EachOutputsPredictionsAreItsProbabilitiesAndTheSumIsThatOfAll()
    {
        using var scope = NewDisposeScope();
        using var network = Pstnn.Create(TinyNetwork.Options, TinyNetwork.Shape, 1);
        var (supervectors, segments, labels) = TinyNetwork.Batch(network.Shape, 7);
        var recordings = Enumerable.Range(0, 4).Select(i => new Recording($"/{i}.wav", "abc"[i % 3].ToString(), $"{i}", $"{i}", 8000, 1))
            .ToList();
        int[] recordingOf = [0, 1, 2, 3, 1, 2, 0];
        using var test = new TestDataset(supervectors, segments, labels, recordingOf, ["a", "b", "c"], recordings);
        var judged = Evaluator.Evaluate(network, test, CPU);
        var said = network.Predict(supervectors, segments);
        Same(said.Spatial!, judged.Spatial!);
        Same(said.Temporal!, judged.Temporal!);
        Same(said.Deep, judged.Deep);
        Same(said.Deep + said.Spatial! + said.Temporal!, judged.Sum!);
        Assert.False(said.Spatial!.Equals(said.Temporal!));

        void Same(Tensor probabilities, Predictions predictions)
        {
            Assert.Equal(probabilities.data<float>().ToArray(), predictions.Scores.SelectMany(row => row));
            Assert.Equal(labels.data<long>().Select(l => (int)l), predictions.Labels);
            Assert.Equal(recordingOf, predictions.RecordingOf);
            Assert.Equal(recordings, predictions.Recordings);
        }
    }
}
