namespace DeviceId.Audio;

/// <summary>The decoders of formats that no built-in reader knows.</summary>
/// <remarks>
/// ffmpeg comes first where it is installed: it reads most, is exact, and says what is damaged. The managed decoders serve machines
/// without it, and refuse what they decode wrongly (see each).
/// </remarks>
internal static class Decoders
{
    private static readonly Func<string, AudioReader> Ffmpeg = FfmpegReader.Open;

    /// <summary>Opens a file with the first decoder that can decode it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="header">The first bytes of the file, at least 64 unless it is shorter.</param>
    /// <exception cref="AudioException">None can; the message names the format, each decoder's reason, and what to do.</exception>
    public static AudioReader Open(string path, ReadOnlySpan<byte> header) => Open(path, header, FfmpegReader.IsInstalled);

    /// <summary>Opens a file, with or without ffmpeg.</summary>
    /// <param name="path">The file.</param>
    /// <param name="header">The first bytes of the file.</param>
    /// <param name="hasFfmpeg">Whether ffmpeg is tried.</param>
    /// <exception cref="AudioException">No decoder can read the file.</exception>
    internal static AudioReader Open(string path, ReadOnlySpan<byte> header, bool hasFfmpeg)
    {
        if (header.IsEmpty)
            throw new AudioException(path, "the file is empty (0 bytes).");
        if (header.StartsWith("#EXTM3U"u8) || header.StartsWith("ffconcat"u8) || header.StartsWith("[playlist]"u8))
            throw new AudioException(path, "it is a playlist: it holds no sound of its own, it names other files.");
        var kind = FileKind.Detect(header);
        var reasons = new List<string>();
        foreach (var open in Candidates(header, hasFfmpeg))
        {
            try
            {
                return open(path);
            }
            catch (AudioException error)
            {
                reasons.Add(error.Reason);
            }
        }

        var tried = reasons.Count > 0 ? $" Tried: {string.Join(" ", reasons)}" : "";
        var ffmpeg = hasFfmpeg ? "" : ", or install ffmpeg (apt-get install ffmpeg)";
        throw new AudioException(path, $"the file is {kind}, and no decoder here can read it. Convert it to WAV{ffmpeg}.{tried}");
    }

    private static List<Func<string, AudioReader>> Candidates(ReadOnlySpan<byte> header, bool hasFfmpeg)
    {
        List<Func<string, AudioReader>> candidates = hasFfmpeg ? [Ffmpeg] : [];
        if (header.StartsWith("ID3"u8) || (header.Length > 1 && header[0] == 0xFF && (header[1] & 0xE6) == 0xE2))
            candidates.Add(Mp3Reader.Open);
        if (header.StartsWith("OggS"u8))
            candidates.Add(VorbisReader.Open);
        if (NAudioReader.Accepts(header))
            candidates.Add(NAudioReader.Open);
        return candidates;
    }
}
