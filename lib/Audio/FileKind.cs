namespace DeviceId.Audio;

/// <summary>Detects the format of a file from its first bytes, for messages and warnings.</summary>
/// <remarks>The descriptions are stored in model files (kinds of the training recordings): do not change them.</remarks>
internal static class FileKind
{
    private const int HeaderBytes = 64;
    private const string Mp3 = "an MP3 file";
    private const string Amr = "an AMR file";
    private const string Aac = "an AAC stream";
    private const string Flac = "a FLAC file";
    private const string Ogg = "an Ogg file (Vorbis, Opus)";
    private const string Matroska = "a Matroska file (mka, webm)";
    private const string Caf = "a CAF file";
    private const string Mp4 = "an MP4 file (m4a, 3gp)";
    private const string WindowsMedia = "a Windows Media file";
    private const string Unrecognised = "of a kind that is not recognised";

    /// <summary>
    /// Format of an audio file whose samples have, or may have, passed through a lossy codec, such as "an MP3 file"; null for other files.
    /// A WAV file may hold decoded lossy audio as well, but its header does not show it.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="AudioException">The file cannot be opened.</exception>
    public static string? Lossy(string path)
    {
        var header = FileBytes.ReadHeader(path, HeaderBytes);
        return IsLossless(header) || header.Length == 0 ? null : Detect(header);
    }

    /// <summary>
    /// Format of a file whose samples have, or may have, passed through a lossy codec, as <see cref="Lossy(string)"/> names it, decided by
    /// what its reader found; null for other files.
    /// </summary>
    /// <param name="info">How the file was read.</param>
    public static string? Lossy(AudioFileInfo info)
    {
        if (info.IsLossy == false)
            return null;
        var container = info.Container;
        return Is("amr") || info.Codec.Contains("AMR", StringComparison.OrdinalIgnoreCase) && !Is("mp4") ? Amr
            : Is("ogg") ? Ogg
            : Is("mp4") || Is("mov") || Is("m4a") || Is("3gp") ? Mp4
            : Is("matroska") || Is("webm") ? Matroska
            : Is("caf") ? Caf
            : Is("asf") || Is("windows media") ? WindowsMedia
            : Is("mp3") ? Mp3
            : Is("aac") || Is("adts") ? Aac
            : info.IsLossy == true ? $"a {info.Codec} recording in {container}" : Unrecognised;

        bool Is(string name) => container.Contains(name, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>
    /// Whether every file of this format is lossy. Containers (MP4, Ogg, Matroska, CAF, Windows Media) can also hold lossless audio.
    /// </summary>
    /// <param name="kind">A result of <see cref="Lossy(AudioFileInfo)"/>.</param>
    public static bool IsSurelyLossy(string kind) => kind is Mp3 or Amr or Aac || kind.Contains(" recording in ", StringComparison.Ordinal);

    /// <summary>Describes the format of a file, such as "an MP4 file (m4a, 3gp)".</summary>
    /// <param name="header">The first bytes of the file, at most 64.</param>
    public static string Detect(ReadOnlySpan<byte> header)
    {
        if (header.StartsWith("ID3"u8) || (header.Length > 1 && header[0] == 0xFF && (header[1] & 0xE6) == 0xE2))
            return Mp3;
        if (header.StartsWith("fLaC"u8))
            return Flac;
        if (header.StartsWith("OggS"u8))
            return Ogg;
        if (header.StartsWith("FORM"u8))
            return "an AIFF file";
        if (header.StartsWith("#!AMR"u8))
            return Amr;
        if (header.StartsWith((ReadOnlySpan<byte>)[0x1A, 0x45, 0xDF, 0xA3]))
            return Matroska;
        if (header.StartsWith("caff"u8))
            return Caf;
        if (header.Length >= 12 && header[4..8].SequenceEqual("ftyp"u8))
            return Mp4;
        if (header.StartsWith((ReadOnlySpan<byte>)[0x30, 0x26, 0xB2, 0x75]))
            return WindowsMedia;
        if (header.Length > 1 && header[0] == 0xFF && (header[1] & 0xF6) == 0xF0)
            return Aac;
        if (header.StartsWith("RIFX"u8))
            return "a big-endian WAV file (RIFX)";
        if (Wave64Header.Recognises(header))
            return "a Wave64 file (w64)";
        if (header.StartsWith((ReadOnlySpan<byte>)[0x00, 0x05, 0x16, 0x07]))
            return "an AppleDouble file (what macOS notes about the file of the same name without '._'; it holds no sound)";
        return header.IsEmpty ? "an empty file" : Unrecognised;
    }

    /// <summary>
    /// Whether the first bytes are those of a format that can hold sound, whatever the file's name. Photographs in an MP4 container (HEIC,
    /// AVIF) do not count.
    /// </summary>
    /// <param name="header">The first bytes of the file, at most 64.</param>
    public static bool LooksLikeSound(ReadOnlySpan<byte> header) =>
        IsRiffSound(header) || IsMovie(header) || Wave64Header.Recognises(header) || header.StartsWith("NIST_1A"u8)
        || header.StartsWith(".snd"u8) || header.StartsWith("fLaC"u8) || header.StartsWith("OggS"u8) || header.StartsWith("caff"u8)
        || header.StartsWith("#!AMR"u8) || header.StartsWith((ReadOnlySpan<byte>)[0x1A, 0x45, 0xDF, 0xA3])
        || header.StartsWith((ReadOnlySpan<byte>)[0x30, 0x26, 0xB2, 0x75]) || Detect(header) is Mp3 or Aac;

    private static bool IsRiffSound(ReadOnlySpan<byte> header)
    {
        if (header.Length < 12)
            return false;
        var container = header[..4];
        var kind = header[8..12];
        return container.SequenceEqual("FORM"u8) ? kind.SequenceEqual("AIFF"u8) || kind.SequenceEqual("AIFC"u8)
            : kind.SequenceEqual("WAVE"u8) && (container.SequenceEqual("RIFF"u8) || container.SequenceEqual("RIFX"u8)
                || container.SequenceEqual("RF64"u8) || container.SequenceEqual("BW64"u8));
    }

    /// <summary>
    /// Whether a header is that of an MP4 or QuickTime file that is not a photograph; old QuickTime files have no "ftyp".
    /// </summary>
    private static bool IsMovie(ReadOnlySpan<byte> header)
    {
        if (header.Length < 12)
            return false;
        var atom = header[4..8];
        var brand = header[8..12];
        return atom.SequenceEqual("ftyp"u8)
            ? !(brand.StartsWith("hei"u8) || brand.StartsWith("hev"u8) || brand.StartsWith("avi"u8) || brand.StartsWith("mif1"u8)
                || brand.StartsWith("msf1"u8) || brand.StartsWith("crx"u8))
            : atom.SequenceEqual("moov"u8) || atom.SequenceEqual("mdat"u8) || atom.SequenceEqual("wide"u8);
    }

    private static bool IsLossless(ReadOnlySpan<byte> header) =>
        WaveFile.Recognises(header) || SphereFile.Recognises(header)
        || header.StartsWith("fLaC"u8) || header.StartsWith("FORM"u8) || header.StartsWith(".snd"u8)
        || Wave64Header.Recognises(header);
}
