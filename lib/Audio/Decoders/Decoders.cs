namespace DeviceId.Audio;

/// <summary>The decoders of formats that no built-in reader knows.</summary>
/// <remarks>
/// ffmpeg comes first where it is installed: it reads most, is exact, and says what is damaged. NAudio serves machines without it.
/// Managed decoders of MP3 and Vorbis were tried and not taken: NLayer 3.0.1 decodes variable bit rates and MPEG-2.5 wrongly (by up to a
/// tenth of full scale) and allocates by numbers in tags; NVorbis 0.10.5 never returns on some damaged files.
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
        if (NAudioReader.Accepts(header))
            candidates.Add(NAudioReader.Open);
        return candidates;
    }
}
