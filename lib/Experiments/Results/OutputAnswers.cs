using DeviceId.Evaluation;

namespace DeviceId.Experiments;

/// <summary>The labels that one output gave.</summary>
/// <param name="Segments">To each test segment.</param>
/// <param name="Recordings">To each test recording, by the sum of its segments' scores; -1 where a recording had no segment.</param>
internal sealed record OutputAnswers(IReadOnlyList<int> Segments, IReadOnlyList<int> Recordings)
{
    /// <summary>The highest scores' labels.</summary>
    /// <param name="predictions">Scores of every test segment.</param>
    public static OutputAnswers Collect(Predictions predictions)
    {
        var whole = predictions.ByRecording();
        var recordings = Enumerable.Repeat(-1, predictions.Recordings.Count).ToArray();
        for (var i = 0; i < whole.Count; i++)
            recordings[whole.RecordingOf[i]] = whole.PredictedLabel(i);
        return new OutputAnswers([.. Enumerable.Range(0, predictions.Count).Select(predictions.PredictedLabel)], recordings);
    }
}
