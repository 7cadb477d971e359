using DeviceId.Evaluation;

namespace DeviceId.Experiments;

/// <summary>What the outputs of a trial's system said of every test segment; <see cref="TrialScoresFile"/> keeps it.</summary>
/// <param name="AreLogProbabilities">
/// Whether the scores are natural logarithms of probabilities, from <see cref="LogFloor"/> to 0; otherwise they are raw: the greater, the
/// likelier.
/// </param>
/// <param name="Outputs">By name (see <see cref="TrialOutput"/>): scores (segment, device), all outputs of one shape.</param>
/// <exception cref="ArgumentException">
/// There is no output, segment or device, the shapes differ, a score is NaN, or a logarithm lies outside its range.
/// </exception>
internal sealed record TrialScores(bool AreLogProbabilities, IReadOnlyDictionary<string, float[][]> Outputs)
{
    /// <summary>The lowest logarithm that is kept: a probability of 9.9e-8. Float16 holds it exactly.</summary>
    public const float LogFloor = -16.125f;

    /// <summary>Float32 sums of probabilities are above 1 by less than this; what is above it by more is no probability.</summary>
    private const float Rounding = 1e-4f;

    private static readonly string[] Heads = [TrialOutput.Deep, TrialOutput.Spatial, TrialOutput.Temporal];

    /// <summary>By name: scores (segment, device).</summary>
    public IReadOnlyDictionary<string, float[][]> Outputs { get; } = Checked(AreLogProbabilities, Outputs);

    /// <summary>Number of test segments.</summary>
    public int Segments => Outputs.Values.First().Length;

    /// <summary>Number of devices.</summary>
    public int Devices => Outputs.Values.First()[0].Length;

    /// <summary>
    /// What a system said of the test segments, without the sum of a network's heads: <see cref="Probabilities"/> adds them up again.
    /// </summary>
    /// <param name="predictions">At the end of the training.</param>
    /// <param name="halfWay">When half of it was done; null where the system was not asked then.</param>
    /// <returns>Null where there is no segment.</returns>
    public static TrialScores? Collect(SystemPredictions predictions, SystemPredictions? halfWay = null)
    {
        if (predictions.Deep.Count == 0)
            return null;
        if (!predictions.AreProbabilities)
            return new TrialScores(false, new Dictionary<string, float[][]> { [TrialOutput.Deep] = [.. predictions.Deep.Scores] });
        var outputs = new Dictionary<string, float[][]>();
        AddHeads(outputs, predictions, name => name);
        if (halfWay is not null)
            AddHeads(outputs, halfWay, TrialOutput.HalfWay);
        return new TrialScores(true, outputs);
    }

    /// <summary>Some of the outputs; null where none is left.</summary>
    /// <param name="wanted">Whether an output of this name is.</param>
    internal TrialScores? Only(Func<string, bool> wanted)
    {
        var outputs = Outputs.Where(output => wanted(output.Key)).ToDictionary(output => output.Key, output => output.Value);
        return outputs.Count == 0 ? null : new TrialScores(AreLogProbabilities, outputs);
    }

    /// <summary>These and further outputs of the same segments.</summary>
    /// <param name="others">The further outputs.</param>
    internal TrialScores With(TrialScores others) =>
        new(AreLogProbabilities, Outputs.Concat(others.Outputs).ToDictionary(output => output.Key, output => output.Value));

    private static void AddHeads(Dictionary<string, float[][]> outputs, SystemPredictions predictions, Func<string, string> named)
    {
        foreach (var (name, output) in Heads.Zip([predictions.Deep, predictions.Spatial, predictions.Temporal]))
            if (output is not null)
                outputs[named(name)] = Logarithms(output.Scores);
    }

    /// <summary>Natural logarithms, <see cref="LogFloor"/> at least.</summary>
    /// <param name="probabilities">Probabilities (segment, device).</param>
    /// <exception cref="ArgumentException">A value is no probability.</exception>
    public static float[][] Logarithms(IReadOnlyList<float[]> probabilities) =>
        [.. probabilities.Select(row => row.Select(Logarithm).ToArray())];

    /// <summary>Probabilities (segment, device) of an output; "sum" is the sum of the heads' probabilities.</summary>
    /// <param name="output">Its name.</param>
    /// <exception cref="ArgumentException">There is no such output.</exception>
    /// <exception cref="InvalidOperationException">The scores are raw.</exception>
    public float[][] Probabilities(string output)
    {
        if (!AreLogProbabilities)
            throw new InvalidOperationException("These scores are raw: there are no probabilities of them.");
        if (Outputs.TryGetValue(output, out var scores))
            return [.. scores.Select(row => row.Select(MathF.Exp).ToArray())];
        var heads = Heads.Where(head => output == TrialOutput.Sum && Outputs.ContainsKey(head)).Select(Probabilities).ToList();
        return heads.Count > 0 ? [.. Enumerable.Range(0, Segments).Select(i => Sum([.. heads.Select(head => head[i])]))]
            : throw new ArgumentException($"Of '{output}' there are no scores, but of {string.Join(", ", Outputs.Keys)}.", nameof(output));
    }

    private static float[] Sum(IReadOnlyList<float[]> rows) => [.. rows[0].Select((_, device) => rows.Sum(row => row[device]))];

    private static float Logarithm(float probability) => probability is >= 0 and <= 1 + Rounding
        ? Math.Clamp(MathF.Log(probability), LogFloor, 0)
        : throw new ArgumentException(FormattableString.Invariant($"{probability} is no probability."), nameof(probability));

    private static IReadOnlyDictionary<string, float[][]> Checked(bool areLogProbabilities, IReadOnlyDictionary<string, float[][]> outputs)
    {
        if (outputs.Count == 0 || outputs.Values.Any(rows => rows.Length == 0 || rows[0].Length == 0))
            throw new ArgumentException("Scores need an output, a segment and a device at least.", nameof(outputs));
        var (segments, devices) = (outputs.Values.First().Length, outputs.Values.First()[0].Length);
        if (outputs.Values.Any(rows => rows.Length != segments || rows.Any(row => row.Length != devices)))
            throw new ArgumentException($"Each output needs {segments} segments with {devices} scores each.", nameof(outputs));
        var all = outputs.Values.SelectMany(rows => rows).SelectMany(row => row);
        if (all.Any(score => float.IsNaN(score) || (areLogProbabilities && score is not (>= LogFloor and <= 0))))
            throw new ArgumentException(
                areLogProbabilities ? "A log-probability lies outside -16.125..0." : "A score is NaN.", nameof(outputs));
        return outputs;
    }
}
