namespace DeviceId.Audio;

/// <summary>Opens a file with the first decoder that can read it.</summary>
internal static class Decoders
{
    /// <summary>Tries the decoders in order.</summary>
    /// <param name="path">The file.</param>
    /// <param name="header">Its first bytes.</param>
    /// <exception cref="AudioException">No decoder can read the file; the message has the reason of each.</exception>
    public static AudioReader Open(string path, ReadOnlySpan<byte> header)
    {
        var ffmpeg = new FfmpegDecoder();
        var reason = "";
        if (ffmpeg.CanRead(path, header))
        {
            try
            {
                return new MemoryReader(ffmpeg.Decode(path, ChannelChoice.Speech));
            }
            catch (AudioException error)
            {
                reason = $" Tried: ffmpeg: {error.Reason}";
            }
        }

        var install = reason.Length > 0 ? "" : "install ffmpeg (apt-get install ffmpeg), ";
        throw new AudioException(path,
            $"the file is {FileKind.Detect(header)}, and no decoder here can read it. Convert it to WAV, {install}"
            + $"or build with -p:NAudio=true (AIFF on every system; MP3, AAC and WMA on Windows).{reason}");
    }

    private sealed class MemoryReader(AudioClip clip) : AudioReader
    {
        private int _position;

        public override AudioFileInfo Info { get; } =
            new("decoded by ffmpeg", "unknown", null, "", clip.SampleRate, 1, 1, "ffmpeg");

        public override long? Frames => clip.Samples.Length;

        public override int Read(Span<float> interleaved)
        {
            var count = Math.Min(interleaved.Length, clip.Samples.Length - _position);
            clip.Samples.AsSpan(_position, count).CopyTo(interleaved);
            _position += count;
            return count;
        }
    }
}
