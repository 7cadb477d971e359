namespace DeviceId.Audio;

/// <summary>What a file is, told by its first bytes: for messages.</summary>
internal static class FileKind
{
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
