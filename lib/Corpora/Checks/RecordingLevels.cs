using DeviceId.Audio;

namespace DeviceId.Corpora;

/// <summary>Levels of a recording, with clipping and silence.</summary>
/// <param name="PeakDecibels">Peak level: the largest magnitude (dB relative to full scale); minus infinity for digital silence.</param>
/// <param name="RmsDecibels">RMS level (dB relative to full scale); minus infinity for digital silence.</param>
/// <param name="ClippedFraction">
/// Fraction of clipped samples, in [0, 1]: samples in runs of three or more at the recording's peak, if that is at least 1/20 of full
/// scale.
/// </param>
/// <param name="SilentFraction">Fraction of 20 ms windows below -60 dB, in [0, 1].</param>
/// <param name="ContrastDecibels">
/// Difference between the 90th and 10th percentile of the level of 20 ms windows (dB). Noise and reverberation fill the pauses and lower
/// it; noise gates raise it.
/// </param>
internal sealed record RecordingLevels(
    double PeakDecibels, double RmsDecibels, double ClippedFraction, double SilentFraction, double ContrastDecibels)
{
    // Below the power of any 16-bit signal except digital silence, which counts as this.
    private const double MinPower = 1e-10;
    // A clipped recording may have been attenuated later. At much lower peaks, 16-bit quantisation looks like clipping.
    private const double MinPeak = 0.05;
    private const int MinRunLength = 3;
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
        var windowLength = Math.Max(1, (int)(WindowSeconds * clip.SampleRate));
        var powers = clip.Samples.Chunk(windowLength).Select(window => window.Average(sample => (double)sample * sample)).Order().ToList();
        return new RecordingLevels(
            20 * Math.Log10(peak),
            10 * Math.Log10(power),
            peak >= MinPeak ? MeasureClipping(clip.Samples, peak) : 0,
            powers.Count(p => p < SilentPower) / (double)powers.Count,
            Contrast(powers));
    }

    /// <summary>
    /// Crest factor: peak level minus RMS level (dB); 0 for digital silence. Speech has 12 to 30 dB, clipped or compressed speech less.
    /// </summary>
    public double CrestDecibels => double.IsFinite(PeakDecibels) ? PeakDecibels - RmsDecibels : 0;

    private static double Contrast(List<double> ascendingPowers)
    {
        var tenth = ascendingPowers.Count / 10;
        var (quiet, loud) = (Math.Max(ascendingPowers[tenth], MinPower), Math.Max(ascendingPowers[^(tenth + 1)], MinPower));
        return 10 * Math.Log10(loud / quiet);
    }

    private static double MeasureClipping(float[] samples, float peak)
    {
        var (clipped, run) = (0, 0);
        // The largest positive 16-bit value is one step smaller in magnitude than the most negative one.
        var limit = peak - (2 / 32768f);
        for (var i = 0; i <= samples.Length; i++)
        {
            if (i < samples.Length && Math.Abs(samples[i]) >= limit && (run == 0 || Math.Sign(samples[i]) == Math.Sign(samples[i - 1])))
            {
                run++;
                continue;
            }

            clipped += run >= MinRunLength ? run : 0;
            run = i < samples.Length && Math.Abs(samples[i]) >= limit ? 1 : 0;
        }

        return clipped / (double)samples.Length;
    }
}
