using DeviceId.Evaluation;

namespace DeviceId.Experiments;

/// <summary>The labels predicted by one output of a system.</summary>
/// <param name="Segments">Label of each test segment.</param>
/// <param name="Recordings">
/// Label of each test recording, by the sum of its segments' scores; -1 for a recording without a segment.
/// </param>
internal sealed record OutputAnswers(IReadOnlyList<int> Segments, IReadOnlyList<int> Recordings)
{
    /// <summary>The labels with the highest scores.</summary>
    /// <param name="predictions">Scores of every test segment.</param>
    public static OutputAnswers Collect(Predictions predictions)
    {
        var byRecording = predictions.ByRecording();
        var recordings = Enumerable.Repeat(-1, predictions.Recordings.Count).ToArray();
        for (var i = 0; i < byRecording.Count; i++)
            recordings[byRecording.RecordingOf[i]] = byRecording.PredictedLabel(i);
        return new OutputAnswers([.. Enumerable.Range(0, predictions.Count).Select(predictions.PredictedLabel)], recordings);
    }
}
