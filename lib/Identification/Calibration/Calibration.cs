using DeviceId.Evaluation;

namespace DeviceId.Identification;

/// <summary>Calibration of a model's probabilities, fitted on held-out recordings.</summary>
/// <remarks>
/// Temperature scaling, then mixing with the uniform distribution: after n correct answers the next is wrong with a probability of about
/// 1 / (n + 2) (P. S. Laplace's rule of succession), and this error probability is spread evenly over all devices.
/// Between one segment and a recording as long as the calibration recordings, the temperature is a power of the number of segments: it
/// falls as evidence accumulates, and falls faster the less correlated the errors of a recording's segments are. The temperature of a
/// whole recording would be far too confident for a short one (simulated in the tests: a single segment of ten, correct in 35 of 100
/// cases, would get a probability of 0.85).
/// </remarks>
/// <param name="SegmentTemperature">Divides the log-probabilities of a segment.</param>
/// <param name="RecordingTemperature">
/// Divides the mean log-probabilities over the segments of a recording as long as the calibration recordings, or longer.
/// </param>
/// <param name="Segments">Number of segments of the median calibration recording.</param>
/// <param name="Recordings">Number of held-out recordings that the calibration is fitted on.</param>
/// <param name="Right">How many of them were identified correctly.</param>
public sealed record Calibration(double SegmentTemperature, double RecordingTemperature, int Segments, int Recordings, int Right)
{
    /// <summary>Floor of the network's probabilities: a single segment must not rule out a device.</summary>
    private const double MinProbability = 1e-6;

    private const double Prior = 1;

    /// <summary>Probability that an answer is wrong however confident the network is (rule of succession).</summary>
    private double ErrorProbability => 1.0 / (Recordings + 2);

    /// <summary>Fits both temperatures.</summary>
    /// <param name="heldOut">Predictions (probabilities) for segments of recordings that their network was not trained on.</param>
    public static Calibration Fit(Predictions heldOut)
    {
        var segments = heldOut.Scores.Select(LogProbabilities).ToList();
        var recordings = Enumerable.Range(0, heldOut.Count).GroupBy(i => heldOut.RecordingOf[i])
            .Select(group => (Mean: Mean([.. group.Select(i => segments[i])]), Label: heldOut.Labels[group.First()],
                Segments: group.Count())).ToList();
        return new Calibration(
            TemperatureScaling.Fit(segments, heldOut.Labels, Prior),
            TemperatureScaling.Fit([.. recordings.Select(r => r.Mean)], [.. recordings.Select(r => r.Label)], Prior),
            recordings.Select(r => r.Segments).Order().ElementAt(recordings.Count / 2),
            recordings.Count,
            recordings.Count(r => Array.IndexOf(r.Mean, r.Mean.Max()) == r.Label));
    }

    /// <summary>Calibrated probabilities of a whole recording.</summary>
    /// <param name="segments">Uncalibrated probabilities (segment, device); at least one segment.</param>
    public double[] CalibrateRecording(IReadOnlyList<float[]> segments) =>
        MixWithUniform(TemperatureScaling.Probabilities(Mean([.. segments.Select(LogProbabilities)]), Temperature(segments.Count)));

    /// <summary>Calibrated probabilities of one segment.</summary>
    /// <param name="segment">Uncalibrated probabilities (device).</param>
    public double[] CalibrateSegment(float[] segment) => MixWithUniform(ScaleSegment(segment));

    /// <summary>
    /// Natural logarithms of a segment's temperature-scaled probabilities, for <see cref="Splices"/>. They are not mixed with the uniform
    /// distribution, because the error probability concerns a whole answer.
    /// </summary>
    /// <param name="segment">Uncalibrated probabilities (device).</param>
    public double[] SegmentLogProbabilities(float[] segment) =>
        Array.ConvertAll(ScaleSegment(segment), p => Math.Log(Math.Max(p, double.Epsilon)));

    private double[] ScaleSegment(float[] segment) => TemperatureScaling.Probabilities(LogProbabilities(segment), SegmentTemperature);

    /// <summary>Temperature for the mean log-probabilities of a number of segments.</summary>
    private double Temperature(int segments) =>
        segments >= Segments || Segments < 2 ? RecordingTemperature
            : SegmentTemperature * Math.Pow(RecordingTemperature / SegmentTemperature, Math.Log(segments) / Math.Log(Segments));

    private double[] MixWithUniform(double[] probabilities) =>
        Array.ConvertAll(probabilities, p => ((1 - ErrorProbability) * p) + (ErrorProbability / probabilities.Length));

    private static double[] LogProbabilities(float[] probabilities) =>
        Array.ConvertAll(probabilities, p => Math.Log(Math.Max(p, MinProbability)));

    private static double[] Mean(IReadOnlyList<double[]> rows)
    {
        var mean = new double[rows[0].Length];
        foreach (var row in rows)
            for (var i = 0; i < mean.Length; i++)
                mean[i] += row[i] / rows.Count;
        return mean;
    }
}
