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
public sealed record TrialScores(bool AreLogProbabilities, IReadOnlyDictionary<string, float[][]> Outputs)
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

    /// <summary>The heads of a network as log-probabilities, without their sum: <see cref="Probabilities"/> adds them up again.</summary>
    /// <param name="predictions">Probabilities of the test segments.</param>
    public static TrialScores FromNetwork(PstnnPredictions predictions)
    {
        var outputs = new Dictionary<string, float[][]>();
        foreach (var (name, output) in Heads.Zip([predictions.Deep, predictions.Spatial, predictions.Temporal]))
            if (output is not null)
                outputs[name] = Logarithms(output.Scores);
        return new TrialScores(true, outputs);
    }

    /// <summary>The scores of a system whose scores are no probabilities, as they are.</summary>
    /// <param name="predictions">Scores of the test segments.</param>
    public static TrialScores FromRaw(Predictions predictions) =>
        new(false, new Dictionary<string, float[][]> { [TrialOutput.Deep] = [.. predictions.Scores] });

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
