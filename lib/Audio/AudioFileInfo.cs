namespace DeviceId.Audio;

/// <summary>How a file was read: what it claims to be, what was there, and what was used. It travels with the clip.</summary>
/// <param name="Container">File format: "WAV", "RF64", "AIFF-C", "MP4", "Ogg".</param>
/// <param name="Codec">Coding of the samples: "PCM", "µ-law", "MP3", "AAC", "FLAC".</param>
/// <param name="IsLossy">Whether the codec discards information; null if the decoder does not say.</param>
/// <param name="SampleFormat">Stored sample format: "16-bit integer", "24-bit integer in 4 bytes", "32-bit float"; "" if unknown.</param>
/// <param name="SampleRate">Samples per second (Hz).</param>
/// <param name="Channels">Number of channels in the file.</param>
/// <param name="Tracks">Number of audio tracks in the file; the first is read.</param>
/// <param name="Decoder">Name and version of the decoder: "DeviceId 0.1.0", "ffmpeg 5.1.9".</param>
internal sealed record AudioFileInfo(
    string Container, string Codec, bool? IsLossy, string SampleFormat, int SampleRate, int Channels, int Tracks, string Decoder)
{
    /// <summary>Length of the file (bytes).</summary>
    public long FileBytes { get; init; }

    /// <summary>Bytes of sound that the header claims; null if it makes no usable claim.</summary>
    public long? BytesClaimed { get; init; }

    /// <summary>Bytes of sound that are in the file; null if the decoder does not say.</summary>
    public long? BytesPresent { get; init; }

    /// <summary>Bytes of sound that were decoded; null if the decoder does not say.</summary>
    public long? BytesUsed { get; init; }

    /// <summary>SHA-256 of exactly the bytes that were decoded, the whole file (64 hexadecimal digits).</summary>
    public string Hash { get; init; } = "";

    /// <summary>What the decoder complained of, one line each, although it decoded the file.</summary>
    public IReadOnlyList<string> Complaints { get; init; } = [];

    /// <summary>Reasons to doubt that the whole recording was read, a sentence each: cut short, wrapped size, second data chunk.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Which channel was taken and why, if there are several: "channel 2 of 2 (channel 1 holds no speech)"; "" for one.</summary>
    public string Channel { get; init; } = "";
}
