using DeviceId.Evaluation;

namespace DeviceId.Identification;

/// <summary>What held-out recordings have taught about a model's answers.</summary>
/// <remarks>
/// Temperatures, and a doubt that no score removes: after n answers, all of them right, the next is wrong with a probability of about 1 /
/// (n + 2) (P. S. Laplace's rule of succession), which is spread over all devices.
/// Between one segment and a recording as long as those learnt from, the temperature is a power of the number of segments: evidence that
/// adds up makes it fall, the more so the less the segments of a recording err together. The temperature of a whole recording would be far
/// too sure of a short one (simulated in the tests: a single segment of ten, right in 35 of 100 cases, would be given a probability of
/// 0.85).
/// </remarks>
/// <param name="SegmentTemperature">Divides the log-probabilities of a segment.</param>
/// <param name="RecordingTemperature">
/// Divides the mean log-probabilities of the segments of a recording as long as those learnt from, or longer.
/// </param>
/// <param name="Segments">Segments of the median recording that it was learnt from.</param>
/// <param name="Recordings">Held-out recordings that it was learnt from.</param>
/// <param name="Right">How many of them were named rightly.</param>
public sealed record Calibration(double SegmentTemperature, double RecordingTemperature, int Segments, int Recordings, int Right)
{
    /// <summary>A probability below this counts as this: a single segment must not forbid a device.</summary>
    private const double MinProbability = 1e-6;

    private const double Prior = 1;

    private double Doubt => 1.0 / (Recordings + 2);

    /// <summary>Learns both temperatures.</summary>
    /// <param name="heldOut">Predictions (probabilities) for segments of recordings that their network had not seen.</param>
    public static Calibration Fit(Predictions heldOut)
    {
        var segments = heldOut.Scores.Select(LogProbabilities).ToList();
        var recordings = Enumerable.Range(0, heldOut.Count).GroupBy(i => heldOut.RecordingOf[i])
            .Select(group => (Mean: Mean([.. group.Select(i => segments[i])]), Label: heldOut.Labels[group.First()],
                Segments: group.Count())).ToList();
        return new Calibration(
            TemperatureScaling.Fit(segments, heldOut.Labels, Prior),
                TemperatureScaling.Fit([.. recordings.Select(r => r.Mean)], [.. recordings.Select(r => r.Label)], Prior),
            recordings.Select(r => r.Segments).Order().ElementAt(recordings.Count / 2), recordings.Count,
                recordings.Count(r => Array.IndexOf(r.Mean, r.Mean.Max()) == r.Label));
    }

    /// <summary>Calibrated probabilities of a whole recording.</summary>
    /// <param name="segments">Probabilities (segment, device) as the network gives them; one segment at least.</param>
    public double[] Recording(IReadOnlyList<float[]> segments) =>
        Doubted(TemperatureScaling.Probabilities(Mean([.. segments.Select(LogProbabilities)]), Temperature(segments.Count)));

    /// <summary>Calibrated probabilities of one segment.</summary>
    /// <param name="segment">Probabilities (device) as the network gives them.</param>
    public double[] Segment(float[] segment) => Doubted(Tempered(segment));

    /// <summary>
    /// Natural logarithms of a segment's probabilities at its temperature, as <see cref="Splices"/> wants them: without the doubt, which is
    /// about a whole answer.
    /// </summary>
    /// <param name="segment">Probabilities (device) as the network gives them.</param>
    public double[] LogOfSegment(float[] segment) => Array.ConvertAll(Tempered(segment), p => Math.Log(Math.Max(p, double.Epsilon)));

    private double[] Tempered(float[] segment) => TemperatureScaling.Probabilities(LogProbabilities(segment), SegmentTemperature);

    /// <summary>What divides the mean log-probabilities of some segments of a recording.</summary>
    private double Temperature(int segments) =>
        segments >= Segments || Segments < 2 ? RecordingTemperature
            : SegmentTemperature * Math.Pow(RecordingTemperature / SegmentTemperature, Math.Log(segments) / Math.Log(Segments));

    private double[] Doubted(double[] probabilities) =>
        Array.ConvertAll(probabilities, p => ((1 - Doubt) * p) + (Doubt / probabilities.Length));

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
