using DeviceId.Foundation;

namespace DeviceId.Audio;

/// <summary>Reads a recording in any format. The format is detected from the content, never from the file name.</summary>
public static class AudioFile
{
    private const int HeaderBytes = 512;

    /// <summary>
    /// Reads a recording: uncompressed samples, A-law and µ-law in WAV, Wave64, AIFF, AU and SPHERE are read here, everything else by a
    /// decoder.
    /// </summary>
    /// <param name="path">The file. Of several channels, the first with speech is read.</param>
    /// <exception cref="DeviceIdException">The file cannot be read; the message names its format and says what to do.</exception>
    public static AudioClip Read(string path) => Read(path, ChannelChoice.Speech);

    /// <summary>Reads a recording with a given choice of channel and sampling rate.</summary>
    /// <param name="path">The file.</param>
    /// <param name="channel">How several channels are reduced to one.</param>
    /// <param name="sampleRate">The sampling rate to resample to (Hz), or null to keep the file's rate.</param>
    /// <exception cref="AudioException">The file cannot be read; the message names its format and says what to do.</exception>
    internal static AudioClip Read(string path, ChannelChoice channel = default, int? sampleRate = null)
    {
        var clip = ClipReader.Read(path, Open(path), channel, () => Open(path));
        return sampleRate is { } rate ? Resampler.Resample(clip, rate) with { Info = clip.Info } : clip;
    }

    /// <summary>Opens a recording for reading in blocks: by a native reader, else by the decoders. The file is opened once.</summary>
    /// <param name="path">The file.</param>
    /// <param name="withHash">Whether <see cref="AudioReader.Info"/> has the hash of the bytes after the last block.</param>
    /// <exception cref="AudioException">The file cannot be read; the message names its format and says what to do.</exception>
    internal static AudioReader Open(string path, bool withHash = true)
    {
        var file = FileBytes.Open(path, withHash);
        try
        {
            if (NativeReaders.Open(path, file) is { } reader)
                return reader;
            var content = NativeReaders.WithoutTag(file);
            var header = new byte[HeaderBytes];
            header = header[..content.Read(0, header)];
            if (IsText(header))
                throw new AudioException(path, "the file is a text: it holds no sound of its own. Give the recording itself.");
            return new DecodedReader(file, Decoders.Open(path, header));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Whether a file begins with text only: without control characters other than tabulators and line ends, or with the mark of UTF-16.
    /// A decoder could follow a playlist to another file.
    /// </summary>
    private static bool IsText(ReadOnlySpan<byte> header)
    {
        if (header.Length >= 4
            && ((header[0], header[1], header[3]) is (0xFF, 0xFE, 0) || (header[0], header[1], header[2]) is (0xFE, 0xFF, 0)))
            return true;
        foreach (var value in header)
        {
            if (value is < (byte)' ' and not ((byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)'\f') or 0x7F)
                return false;
        }

        return true;
    }
}
