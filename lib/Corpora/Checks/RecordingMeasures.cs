using System.Runtime.InteropServices;
using System.Security.Cryptography;
using DeviceId.Audio;

namespace DeviceId.Corpora;

/// <summary>What <see cref="RecordingCheck"/> keeps of a recording after reading it once.</summary>
/// <param name="Levels">Levels.</param>
/// <param name="SpeechDecibels">Level that a twentieth of all 20 ms windows exceed (dB relative to full scale): that of the speech.</param>
/// <param name="Facts">Facts of the file.</param>
/// <param name="SampleHash">SHA-256 of the sampling rate and the decoded samples: equal for a WAV and a FLAC of the same sound.</param>
/// <param name="Envelope">Course of the level, to find copies.</param>
/// <param name="Seconds">Duration (s).</param>
/// <param name="FileWarnings">What the reader said about the file.</param>
/// <param name="Coding">Traces of lossy coding; null if not measured.</param>
internal sealed record RecordingMeasures(RecordingLevels Levels, double SpeechDecibels, FileFacts Facts, string SampleHash,
    LevelEnvelope Envelope, double Seconds, IReadOnlyList<string> FileWarnings, CodingTraces? Coding)
{
    private const double LoudFraction = 0.95;
    private const double MinFrameSeconds = 0.03;
    private const double MinSpeechDecibels = -70;

    /// <summary>Reads and measures a recording.</summary>
    /// <param name="path">The file.</param>
    /// <param name="withCoding">Whether traces of lossy coding are measured, which takes longer than everything else.</param>
    /// <exception cref="AudioException">The file can no longer be read.</exception>
    public static RecordingMeasures Read(string path, bool withCoding)
    {
        var clip = AudioFile.Read(path);
        var bytes = MemoryMarshal.AsBytes<float>(clip.Samples);
        return new RecordingMeasures(
            RecordingLevels.Measure(clip), SpeechLevel(clip), FileFacts.Measure(clip),
            $"{clip.SampleRate} {Convert.ToHexString(SHA256.HashData(bytes))}", LevelEnvelope.Measure(clip), clip.DurationSeconds,
            clip.Info?.Warnings ?? [], withCoding ? CodingTraces.Measure(clip) : null);
    }

    /// <summary>Why the recording is of no use for training; null if it is.</summary>
    /// <param name="keepEmpty">Whether recordings that are practically empty are kept.</param>
    public string? WhyNotUsable(bool keepEmpty) =>
        Seconds < MinFrameSeconds
            ? FormattableString.Invariant($"it lasts {Seconds:0.000} s, less than one frame ({MinFrameSeconds} s)")
        : SpeechDecibels < MinSpeechDecibels && !keepEmpty
            ? FormattableString.Invariant($"it is practically empty: 95 % of it is below {SpeechDecibels:0} dB (--keep-empty takes it)")
        : null;

    private static double SpeechLevel(AudioClip clip)
    {
        var powers = FileFacts.WindowPowers(clip);
        return 10 * Math.Log10(powers[(int)(LoudFraction * powers.Length)]);
    }
}
