namespace DeviceId.Degradations;

/// <summary>How ffmpeg is asked for a codec.</summary>
/// <param name="Name">For people.</param>
/// <param name="Encoder">Name of ffmpeg's encoder.</param>
/// <param name="Container">Name of ffmpeg's stream format.</param>
/// <param name="Rates">Sampling rates that it takes (Hz), ascending.</param>
/// <param name="DelaySamples">What encoder and decoder put before the sound and do not take away again, at the codec's rate.</param>
internal sealed record CodecFormat(string Name, string Encoder, string Container, IReadOnlyList<int> Rates, int DelaySamples)
{
    /// <summary>MPEG-2's rates are for low bit rates: LAME itself would lower the rate there.</summary>
    private const double MinMpeg1KilobitsPerSecond = 32;

    public static CodecFormat For(LossyCodec codec, double kilobitsPerSecond) => codec switch
    {
        // LAME's 576 and the decoder's 529.
        LossyCodec.Mp3 => new("MP3", "libmp3lame", "mp3", kilobitsPerSecond < MinMpeg1KilobitsPerSecond
            ? [16000, 22050, 24000] : [16000, 22050, 24000, 32000, 44100, 48000], 1105),
        LossyCodec.Aac => new("AAC", "aac", "adts", [8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 64000, 88200, 96000],
            1024),
        // Ogg says what to leave out, and ffmpeg does.
        LossyCodec.Opus => new("Opus", "libopus", "ogg", [8000, 12000, 16000, 24000, 48000], 0),
        LossyCodec.AmrNarrowband => new("AMR narrowband", "libopencore_amrnb", "amr", [8000], 0),
        LossyCodec.AmrWideband => new("AMR wideband", "libvo_amrwbenc", "amr", [16000], 0),
        _ => throw new ArgumentOutOfRangeException(nameof(codec), codec, "Unknown codec."),
    };

    /// <summary>The least rate that keeps all of a clip; the greatest there is where none does.</summary>
    public int RateFor(int sampleRate) => Rates.FirstOrDefault(rate => rate >= sampleRate, Rates[^1]);
}

/// <summary>Codecs that recordings pass through on their way.</summary>
public enum LossyCodec
{
    /// <summary>MPEG-1 and MPEG-2 layer III, by LAME.</summary>
    Mp3,

    /// <summary>AAC (low complexity), by ffmpeg's own encoder: most phones' voice memos.</summary>
    Aac,

    /// <summary>Opus, by libopus: messengers' voice messages.</summary>
    Opus,

    /// <summary>AMR narrowband, 8 kHz: telephone calls, older phones' voice memos.</summary>
    AmrNarrowband,

    /// <summary>AMR wideband, 16 kHz: newer telephone calls.</summary>
    AmrWideband,
}
