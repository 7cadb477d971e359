using DeviceId.Evaluation;

namespace DeviceId.Experiments;

/// <summary>Scores of all outputs of a trial's system for every test segment, stored by <see cref="TrialScoresFile"/>.</summary>
/// <param name="AreLogProbabilities">
/// Whether the scores are natural logarithms of probabilities, from <see cref="LogFloor"/> to 0; otherwise they are raw scores, higher for
/// the likelier device.
/// </param>
/// <param name="Outputs">Scores (segment, device) by the names in <see cref="TrialOutput"/>; all outputs have the same shape.</param>
/// <exception cref="ArgumentException">
/// There is no output, segment or device, the shapes differ, a score is NaN, or a log-probability is out of range.
/// </exception>
internal sealed record TrialScores(bool AreLogProbabilities, IReadOnlyDictionary<string, float[][]> Outputs)
{
    /// <summary>The lowest log-probability that is stored: a probability of 9.9e-8. Exact in float16.</summary>
    public const float LogFloor = -16.125f;

    /// <summary>A probability may exceed 1 by this much, because of rounding in float32.</summary>
    private const float MaxExcess = 1e-4f;

    /// <summary>Scores (segment, device) by the name of the output.</summary>
    public IReadOnlyDictionary<string, float[][]> Outputs { get; } = Check(AreLogProbabilities, Outputs);

    /// <summary>Number of test segments.</summary>
    public int Segments => Outputs.Values.First().Length;

    /// <summary>Number of devices.</summary>
    public int Devices => Outputs.Values.First()[0].Length;

    /// <summary>
    /// Scores of a system's predictions. The sum of a network's outputs is not stored: <see cref="Probabilities"/> computes it.
    /// </summary>
    /// <param name="predictions">Predictions at the end of the training.</param>
    /// <param name="halfWay">Predictions after half of the epochs; null if there are none.</param>
    /// <returns>Null if there is no segment.</returns>
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

    /// <summary>The outputs whose name satisfies a predicate; null if none does.</summary>
    /// <param name="predicate">Takes the name of an output.</param>
    internal TrialScores? Only(Func<string, bool> predicate)
    {
        var outputs = Outputs.Where(output => predicate(output.Key)).ToDictionary(output => output.Key, output => output.Value);
        return outputs.Count == 0 ? null : new TrialScores(AreLogProbabilities, outputs);
    }

    /// <summary>These outputs together with other outputs for the same segments.</summary>
    /// <param name="others">The other outputs.</param>
    internal TrialScores With(TrialScores others) =>
        new(AreLogProbabilities, Outputs.Concat(others.Outputs).ToDictionary(output => output.Key, output => output.Value));

    private static void AddHeads(Dictionary<string, float[][]> outputs, SystemPredictions predictions, Func<string, string> rename)
    {
        foreach (var (name, output) in TrialOutput.Named(predictions))
            outputs[rename(name)] = LogProbabilities(output.Scores);
    }

    /// <summary>Natural logarithms of probabilities, at least <see cref="LogFloor"/>.</summary>
    /// <param name="probabilities">Probabilities (segment, device).</param>
    /// <exception cref="ArgumentException">A value is not a probability.</exception>
    public static float[][] LogProbabilities(IReadOnlyList<float[]> probabilities) =>
        [.. probabilities.Select(row => row.Select(LogProbability).ToArray())];

    /// <summary>
    /// Probabilities (segment, device) of an output; for "sum" the sum of the probabilities of all outputs of the network.
    /// </summary>
    /// <param name="output">Name of the output.</param>
    /// <exception cref="ArgumentException">There is no such output.</exception>
    /// <exception cref="InvalidOperationException">The scores are raw scores.</exception>
    public float[][] Probabilities(string output)
    {
        if (!AreLogProbabilities)
            throw new InvalidOperationException("These are raw scores: they have no probabilities.");
        if (Outputs.TryGetValue(output, out var scores))
            return [.. scores.Select(row => row.Select(MathF.Exp).ToArray())];
        var heads = TrialOutput.Heads.Where(head => output == TrialOutput.Sum && Outputs.ContainsKey(head)).Select(Probabilities).ToList();
        return heads.Count > 0 ? [.. Enumerable.Range(0, Segments).Select(i => Sum([.. heads.Select(head => head[i])]))]
            : throw new ArgumentException(
                $"There are no scores of the output '{output}'; there are scores of {string.Join(", ", Outputs.Keys)}.", nameof(output));
    }

    private static float[] Sum(IReadOnlyList<float[]> rows) => [.. rows[0].Select((_, device) => rows.Sum(row => row[device]))];

    private static float LogProbability(float probability) => probability is >= 0 and <= 1 + MaxExcess
        ? Math.Clamp(MathF.Log(probability), LogFloor, 0)
        : throw new ArgumentException(FormattableString.Invariant($"{probability} is not a probability."), nameof(probability));

    private static IReadOnlyDictionary<string, float[][]> Check(bool areLogProbabilities, IReadOnlyDictionary<string, float[][]> outputs)
    {
        if (outputs.Count == 0 || outputs.Values.Any(rows => rows.Length == 0 || rows[0].Length == 0))
            throw new ArgumentException("Scores need at least one output, one segment and one device.", nameof(outputs));
        var (segments, devices) = (outputs.Values.First().Length, outputs.Values.First()[0].Length);
        if (outputs.Values.Any(rows => rows.Length != segments || rows.Any(row => row.Length != devices)))
            throw new ArgumentException($"Each output must have {segments} segments with {devices} scores each.", nameof(outputs));
        var all = outputs.Values.SelectMany(rows => rows).SelectMany(row => row);
        if (all.Any(score => float.IsNaN(score) || (areLogProbabilities && score is not (>= LogFloor and <= 0))))
            throw new ArgumentException(
                areLogProbabilities ? "A log-probability is not in -16.125..0." : "A score is NaN.", nameof(outputs));
        return outputs;
    }
}
