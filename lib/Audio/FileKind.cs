namespace DeviceId.Audio;

/// <summary>What a file is, told by its first bytes: for messages and warnings.</summary>
internal static class FileKind
{
    private const int HeaderBytes = 64;

    /// <summary>What a file of sound is whose samples went through a lossy codec, such as "an MP3 file"; null for others. A WAV file may hold what was decoded from one: that no header tells.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="AudioException">It cannot be opened.</exception>
    public static string? Lossy(string path)
    {
        var header = FileBytes.ReadHeader(path, HeaderBytes);
        var isLossless = WaveFile.Recognises(header) || SphereFile.Recognises(header) || header.AsSpan().StartsWith("fLaC"u8) || header.AsSpan().StartsWith("FORM"u8) || header.AsSpan().StartsWith(".snd"u8);
        return isLossless || header.Length == 0 ? null : Of(header);
    }

    public static string Of(ReadOnlySpan<byte> header)
    {
        if (header.StartsWith("ID3"u8) || (header.Length > 1 && header[0] == 0xFF && (header[1] & 0xE6) == 0xE2))
            return "an MP3 file";
        if (header.StartsWith("fLaC"u8))
            return "a FLAC file";
        if (header.StartsWith("OggS"u8))
            return "an Ogg file (Vorbis, Opus)";
        if (header.StartsWith("FORM"u8))
            return "an AIFF file";
        if (header.StartsWith("#!AMR"u8))
            return "an AMR file";
        if (header.StartsWith((ReadOnlySpan<byte>)[0x1A, 0x45, 0xDF, 0xA3]))
            return "a Matroska file (mka, webm)";
        if (header.StartsWith("caff"u8))
            return "a CAF file";
        if (header.Length >= 12 && header[4..8].SequenceEqual("ftyp"u8))
            return "an MP4 file (m4a, 3gp)";
        if (header.StartsWith((ReadOnlySpan<byte>)[0x30, 0x26, 0xB2, 0x75]))
            return "a Windows Media file";
        if (header.Length > 1 && header[0] == 0xFF && (header[1] & 0xF6) == 0xF0)
            return "an AAC stream";
        if (header.StartsWith("RIFX"u8))
            return "a big-endian WAV file (RIFX)";
        return header.IsEmpty ? "an empty file" : "of a kind that is not recognised";
    }
}
