using DeviceId.Audio;

namespace DeviceId.Corpora;

/// <summary>How loud a recording is, and what is wrong with it.</summary>
/// <param name="PeakDecibels">The largest magnitude (dB, 0 = full scale); minus infinity for digital silence.</param>
/// <param name="RmsDecibels">Root mean square (dB, 0 = full scale); minus infinity for digital silence.</param>
/// <param name="ClippedShare">
/// Share of samples, in [0, 1], in runs of three or more at the recording's largest magnitude, where that is a twentieth of full scale at
/// least.
/// </param>
/// <param name="SilentShare">Share of pieces of 20 ms, in [0, 1], below -60 dB.</param>
/// <param name="ContrastDecibels">
/// How far the quiet pieces (a tenth are quieter) lie below the loud ones (a tenth are louder), dB: noise and rooms fill the pauses, gates
/// empty them.
/// </param>
internal sealed record RecordingLevels(
    double PeakDecibels, double RmsDecibels, double ClippedShare, double SilentShare, double ContrastDecibels)
{
    // Nothing in 16 bits is quieter; digital silence counts as this.
    private const double MinPower = 1e-10;
    // What is clipped may have been made quieter afterwards; far below, the steps of 16 bits look like clipping.
    private const double MinPeak = 0.05;
    private const int ShortestRun = 3;
    private const double WindowSeconds = 0.02;
    private const double SilentPower = 1e-6;

    /// <summary>Measures a clip.</summary>
    /// <param name="clip">At least one sample.</param>
    /// <exception cref="ArgumentException">The clip is empty.</exception>
    public static RecordingLevels Measure(AudioClip clip)
    {
        if (clip.Samples.Length == 0)
            throw new ArgumentException("An empty clip has no level.", nameof(clip));
        var peak = clip.Samples.Max(Math.Abs);
        var power = clip.Samples.Average(sample => (double)sample * sample);
        var piece = Math.Max(1, (int)(WindowSeconds * clip.SampleRate));
        var pieces = clip.Samples.Chunk(piece).Select(part => part.Average(sample => (double)sample * sample)).Order().ToList();
        return new RecordingLevels(
            20 * Math.Log10(peak), 10 * Math.Log10(power), peak >= MinPeak ? Clipped(clip.Samples, peak) : 0,
                pieces.Count(p => p < SilentPower) / (double)pieces.Count, Contrast(pieces));
    }

    /// <summary>
    /// How far the greatest sample lies above the level (dB); 0 for digital silence. Speech has 12 to 30, what is clipped or compressed
    /// less.
    /// </summary>
    public double CrestDecibels => double.IsFinite(PeakDecibels) ? PeakDecibels - RmsDecibels : 0;

    private static double Contrast(List<double> ascending)
    {
        var tenth = ascending.Count / 10;
        return 10 * Math.Log10(Math.Max(ascending[^(tenth + 1)], MinPower) / Math.Max(ascending[tenth], MinPower));
    }

    private static double Clipped(float[] samples, float peak)
    {
        var (clipped, run) = (0, 0);
        // Integers reach one step less upwards than downwards.
        var limit = peak - (2 / 32768f);
        for (var i = 0; i <= samples.Length; i++)
        {
            if (i < samples.Length && Math.Abs(samples[i]) >= limit && (run == 0 || Math.Sign(samples[i]) == Math.Sign(samples[i - 1])))
            {
                run++;
                continue;
            }

            clipped += run >= ShortestRun ? run : 0;
            run = i < samples.Length && Math.Abs(samples[i]) >= limit ? 1 : 0;
        }

        return clipped / (double)samples.Length;
    }
}
