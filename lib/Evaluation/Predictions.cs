using DeviceId.Corpora;

namespace DeviceId.Evaluation;

/// <summary>What a classifier said of each sample, and what was true.</summary>
public sealed class Predictions
{
    /// <param name="devices">Class names; a device's position is its label.</param>
    /// <param name="recordings">The recordings that the samples come from.</param>
    /// <param name="recordingOf">For each sample the position of its recording.</param>
    /// <param name="labels">The true label of each sample.</param>
    /// <param name="scores">Scores (sample, device): the greater, the likelier; probabilities where the classifier has them.</param>
    /// <exception cref="ArgumentException">The sizes do not fit one another, a label is out of range, or a score is not a
    /// number.</exception>
    public Predictions(IReadOnlyList<string> devices, IReadOnlyList<Recording> recordings, IReadOnlyList<int> recordingOf,
        IReadOnlyList<int> labels, IReadOnlyList<float[]> scores)
    {
        if (recordingOf.Count != labels.Count || scores.Count != labels.Count)
            throw new ArgumentException($"Samples differ in number: {recordingOf.Count} recording indices, {labels.Count} labels, {scores.Count} score rows.");
        if (labels.Any(label => label < 0 || label >= devices.Count))
            throw new ArgumentException($"A label lies outside 0..{devices.Count - 1}.");
        if (recordingOf.Any(recording => recording < 0 || recording >= recordings.Count))
            throw new ArgumentException($"A recording index lies outside 0..{recordings.Count - 1}.");
        if (scores.Any(row => row.Length != devices.Count || row.Any(float.IsNaN)))
            throw new ArgumentException($"Each sample needs {devices.Count} scores, none of them NaN.");
        (Devices, Recordings, RecordingOf, Labels, Scores) = (devices, recordings, recordingOf, labels, scores);
    }

    /// <summary>Class names; a device's position is its label.</summary>
    public IReadOnlyList<string> Devices { get; }

    /// <summary>The recordings that the samples come from.</summary>
    public IReadOnlyList<Recording> Recordings { get; }

    /// <summary>For each sample the position of its recording.</summary>
    public IReadOnlyList<int> RecordingOf { get; }

    /// <summary>The true label of each sample.</summary>
    public IReadOnlyList<int> Labels { get; }

    /// <summary>Scores (sample, device).</summary>
    public IReadOnlyList<float[]> Scores { get; }

    /// <summary>Number of samples.</summary>
    public int Count => Labels.Count;

    /// <summary>The label with the highest score, the first of equals.</summary>
    public int PredictedLabel(int sample)
    {
        var scores = Scores[sample];
        var best = 0;
        for (var device = 1; device < scores.Length; device++)
            if (scores[device] > scores[best])
                best = device;
        return best;
    }

    /// <summary>The same with each score changed.</summary>
    /// <param name="change">From score to score.</param>
    public Predictions WithScores(Func<float, float> change) =>
        new(Devices, Recordings, RecordingOf, Labels, [.. Scores.Select(row => Array.ConvertAll(row, score => change(score)))]);

    /// <summary>One sample a recording: the scores of its segments summed.</summary>
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

    /// <summary>The predictions of several folds as one set; every recording keeps its own identity.</summary>
    /// <exception cref="ArgumentException">No parts, or parts with different devices.</exception>
    public static Predictions Join(IReadOnlyList<Predictions> parts)
    {
        if (parts.Count == 0 || parts.Any(part => !part.Devices.SequenceEqual(parts[0].Devices)))
            throw new ArgumentException("Predictions can be joined when there are some and all know the same devices.");
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
