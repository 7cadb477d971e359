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
    private const double SilentPower = 1e-6;

    /// <summary>Measures a clip.</summary>
    /// <param name="clip">At least one sample.</param>
    /// <exception cref="ArgumentException">The clip is empty.</exception>
    public static RecordingLevels Measure(AudioClip clip)
    {
        var meter = new LevelMeter(clip.SampleRate);
        meter.Add(clip.Samples);
        return meter.Finish();
    }

    /// <summary>Levels from sums over a recording.</summary>
    /// <param name="peak">The largest magnitude.</param>
    /// <param name="power">Mean square of the samples.</param>
    /// <param name="clippedFraction">See <see cref="ClippedFraction"/>.</param>
    /// <param name="windowPowers">Mean square of each 20 ms window, ascending; at least one.</param>
    public static RecordingLevels From(float peak, double power, double clippedFraction, IReadOnlyList<double> windowPowers) => new(
        20 * Math.Log10(peak), 10 * Math.Log10(power), clippedFraction,
        windowPowers.Count(p => p < SilentPower) / (double)windowPowers.Count, Contrast(windowPowers));

    /// <summary>
    /// Crest factor: peak level minus RMS level (dB); 0 for digital silence. Speech has 12 to 30 dB, clipped or compressed speech less.
    /// </summary>
    public double CrestDecibels => double.IsFinite(PeakDecibels) ? PeakDecibels - RmsDecibels : 0;

    private static double Contrast(IReadOnlyList<double> ascendingPowers)
    {
        var tenth = ascendingPowers.Count / 10;
        var (quiet, loud) = (Math.Max(ascendingPowers[tenth], MinPower), Math.Max(ascendingPowers[^(tenth + 1)], MinPower));
        return 10 * Math.Log10(loud / quiet);
    }
}
