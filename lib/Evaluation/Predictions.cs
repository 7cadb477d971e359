using DeviceId.Corpora;

namespace DeviceId.Evaluation;

/// <summary>Scores of a classifier for each sample, with the true labels.</summary>
public sealed class Predictions
{
    /// <param name="devices">Class names; a device's position is its label.</param>
    /// <param name="recordings">The recordings that the samples come from.</param>
    /// <param name="recordingOf">For each sample the index of its recording.</param>
    /// <param name="labels">The true label of each sample.</param>
    /// <param name="scores">Scores (sample, device), higher for the likelier device; probabilities if the classifier computes them.</param>
    /// <exception cref="ArgumentException">
    /// The sizes differ, a label or an index of a recording is out of range, or a score is NaN.
    /// </exception>
    public Predictions(IReadOnlyList<string> devices, IReadOnlyList<Recording> recordings, IReadOnlyList<int> recordingOf,
        IReadOnlyList<int> labels, IReadOnlyList<float[]> scores)
    {
        if (recordingOf.Count != labels.Count || scores.Count != labels.Count)
            throw new ArgumentException(
                $"The numbers of samples differ: {recordingOf.Count} recording indices, {labels.Count} labels, {scores.Count} score rows.");
        if (labels.Any(label => label < 0 || label >= devices.Count))
            throw new ArgumentException($"A label is not in 0..{devices.Count - 1}.");
        if (recordingOf.Any(recording => recording < 0 || recording >= recordings.Count))
            throw new ArgumentException($"A recording index is not in 0..{recordings.Count - 1}.");
        if (scores.Any(row => row.Length != devices.Count || row.Any(float.IsNaN)))
            throw new ArgumentException($"Each sample needs {devices.Count} scores, none of them NaN.");
        (Devices, Recordings, RecordingOf, Labels, Scores) = (devices, recordings, recordingOf, labels, scores);
    }

    /// <summary>Class names; a device's position is its label.</summary>
    public IReadOnlyList<string> Devices { get; }

    /// <summary>The recordings that the samples come from.</summary>
    public IReadOnlyList<Recording> Recordings { get; }

    /// <summary>For each sample the index of its recording.</summary>
    public IReadOnlyList<int> RecordingOf { get; }

    /// <summary>The true label of each sample.</summary>
    public IReadOnlyList<int> Labels { get; }

    /// <summary>Scores (sample, device).</summary>
    public IReadOnlyList<float[]> Scores { get; }

    /// <summary>Number of samples.</summary>
    public int Count => Labels.Count;

    /// <summary>The label with the highest score, the first among equal scores.</summary>
    public int PredictedLabel(int sample)
    {
        var scores = Scores[sample];
        var best = 0;
        for (var device = 1; device < scores.Length; device++)
            if (scores[device] > scores[best])
                best = device;
        return best;
    }

    /// <summary>The same predictions with a function applied to each score.</summary>
    /// <param name="change">The function.</param>
    public Predictions WithScores(Func<float, float> change) =>
        new(Devices, Recordings, RecordingOf, Labels, [.. Scores.Select(row => Array.ConvertAll(row, score => change(score)))]);

    /// <summary>Predictions with one sample per recording: the sum of the scores of its segments.</summary>
    public Predictions ByRecording()
    {
        var sums = new SortedDictionary<int, (int Label, float[] Scores)>();
        for (var i = 0; i < Count; i++)
        {
            if (!sums.TryGetValue(RecordingOf[i], out var sum))
                sums[RecordingOf[i]] = sum = (Labels[i], new float[Devices.Count]);
            for (var device = 0; device < Devices.Count; device++)
                sum.Scores[device] += Scores[i][device];
        }

        return new Predictions(Devices, Recordings, [.. sums.Keys], [.. sums.Values.Select(s => s.Label)],
            [.. sums.Values.Select(s => s.Scores)]);
    }

    /// <summary>Joins the predictions of several folds; recordings of different folds stay different recordings.</summary>
    /// <exception cref="ArgumentException">There are no parts, or they have different devices.</exception>
    public static Predictions Join(IReadOnlyList<Predictions> parts)
    {
        if (parts.Count == 0 || parts.Any(part => !part.Devices.SequenceEqual(parts[0].Devices)))
            throw new ArgumentException("Joining needs at least one set of predictions, and all sets must have the same devices.");
        var recordings = new List<Recording>();
        var recordingOf = new List<int>();
        foreach (var part in parts)
        {
            recordingOf.AddRange(part.RecordingOf.Select(r => r + recordings.Count));
            recordings.AddRange(part.Recordings);
        }

        return new Predictions(parts[0].Devices, recordings, recordingOf, [.. parts.SelectMany(p => p.Labels)],
            [.. parts.SelectMany(p => p.Scores)]);
    }
}
