namespace DeviceId.Degradations;

/// <summary>A codec and the ffmpeg settings that select it.</summary>
/// <param name="Name">Display name.</param>
/// <param name="Encoder">ffmpeg's name of the encoder.</param>
/// <param name="Container">ffmpeg's name of the container format.</param>
/// <param name="Rates">Supported sampling rates (Hz), ascending.</param>
/// <param name="DelaySamples">Delay of encoder and decoder that the decoder does not remove (samples at the codec's rate).</param>
internal sealed record CodecFormat(string Name, string Encoder, string Container, IReadOnlyList<int> Rates, int DelaySamples)
{
    /// <summary>At lower bit rates only the rates of MPEG-2 are used, because LAME itself would reduce the sampling rate.</summary>
    private const double MinMpeg1KilobitsPerSecond = 32;

    public static CodecFormat For(LossyCodec codec, double kilobitsPerSecond) => codec switch
    {
        // The encoder (LAME) delays by 576 samples, the decoder by 529.
        LossyCodec.Mp3 => new("MP3", "libmp3lame", "mp3",
            kilobitsPerSecond < MinMpeg1KilobitsPerSecond ? [16000, 22050, 24000] : [16000, 22050, 24000, 32000, 44100, 48000], 1105),
        LossyCodec.Aac => new("AAC", "aac", "adts",
            [8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 64000, 88200, 96000], 1024),
        // Ogg stores the delay, and ffmpeg removes it.
        LossyCodec.Opus => new("Opus", "libopus", "ogg", [8000, 12000, 16000, 24000, 48000], 0),
        LossyCodec.AmrNarrowband => new("AMR narrowband", "libopencore_amrnb", "amr", [8000], 0),
        LossyCodec.AmrWideband => new("AMR wideband", "libvo_amrwbenc", "amr", [16000], 0),
        _ => throw new ArgumentOutOfRangeException(nameof(codec), codec, "Unknown codec."),
    };

    /// <summary>The lowest supported rate that is not below a clip's rate; the highest supported rate if all are below.</summary>
    public int RateFor(int sampleRate) => Rates.FirstOrDefault(rate => rate >= sampleRate, Rates[^1]);
}
