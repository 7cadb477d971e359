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
    public void ThePredictionsOfEachOutputAreItsProbabilitiesAndTheSumIsThatOfAllOutputs()
    {
        using var scope = NewDisposeScope();
        using var network = Pstnn.Create(TinyNetwork.Options, TinyNetwork.Shape, 1);
        var (supervectors, segments, labels) = TinyNetwork.Batch(network.Shape, 7);
        var recordings = Enumerable.Range(0, 4).Select(i => new Recording($"/{i}.wav", "abc"[i % 3].ToString(), $"{i}", $"{i}", 8000, 1))
            .ToList();
        int[] recordingOf = [0, 1, 2, 3, 1, 2, 0];
        using var test = new TestDataset(supervectors, segments, labels, recordingOf, ["a", "b", "c"], recordings);
        var predictions = Evaluator.Evaluate(network, test, CPU);
        var probabilities = network.Predict(supervectors, segments);
        AssertSame(probabilities.Spatial!, predictions.Spatial!);
        AssertSame(probabilities.Temporal!, predictions.Temporal!);
        AssertSame(probabilities.Deep, predictions.Deep);
        AssertSame(probabilities.Deep + probabilities.Spatial! + probabilities.Temporal!, predictions.Sum!);
        Assert.False(probabilities.Spatial!.Equals(probabilities.Temporal!));

        void AssertSame(Tensor expected, Predictions actual)
        {
            Assert.Equal(expected.data<float>().ToArray(), actual.Scores.SelectMany(row => row));
            Assert.Equal(labels.data<long>().Select(l => (int)l), actual.Labels);
            Assert.Equal(recordingOf, actual.RecordingOf);
            Assert.Equal(recordings, actual.Recordings);
        }
    }
}
