using DeviceId.Audio;
using DeviceId.Foundation;

namespace DeviceId.Degradations;

/// <summary>Encodes a clip with a lossy codec and decodes it again, using the installed ffmpeg.</summary>
/// <remarks>
/// <list type="number">
/// <item>clip -> the codec's lowest sampling rate that is not below the clip's (else its highest), 16 bits;</item>
/// <item>-> ffmpeg encodes -> ffmpeg decodes, in memory;</item>
/// <item>-> codec delay removed -> the clip's sampling rate and length.</item>
/// </list>
/// Different versions of an encoder give different samples. The bit rate is nominal: Opus and AAC vary around it, and AMR uses its nearest
/// mode.
/// </remarks>
/// <param name="Codec">The codec.</param>
/// <param name="KilobitsPerSecond">Nominal bit rate, from 4 to 512 kbit/s; most codecs support only part of this range.</param>
[OptionsKind("codec")]
public sealed record CodecRoundTrip(LossyCodec Codec, double KilobitsPerSecond) : Degradation
{
    private static readonly FfmpegProgram Ffmpeg = new();

    /// <inheritdoc/>
    public override string Name => Enum.IsDefined(Codec) ? Format.Name : $"{Codec}";

    /// <inheritdoc/>
    public override double Strength => KilobitsPerSecond;

    /// <inheritdoc/>
    public override string Quantity => "bit rate";

    /// <inheritdoc/>
    public override string Unit => "kbit/s";

    private CodecFormat Format => CodecFormat.For(Codec, KilobitsPerSecond);

    /// <inheritdoc/>
    public override string? WhyUnavailable() => Ffmpeg.WhyCannotEncode(Format.Encoder);

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        if (!Enum.IsDefined(Codec))
            yield return $"Codec is {Codec}: it must be one of {string.Join(", ", Enum.GetNames<LossyCodec>())}.";
        if (KilobitsPerSecond is not (>= 4 and <= 512))
            yield return FormattableString.Invariant($"KilobitsPerSecond is {KilobitsPerSecond}: it must lie between 4 and 512.");
    }

    /// <inheritdoc/>
    protected override AudioClip Change(AudioClip clip, SplitMix64 random)
    {
        var rate = Format.RateFor(clip.SampleRate);
        var bitRate = FormattableString.Invariant($"{Math.Round(KilobitsPerSecond * 1000)}");
        var demuxer = Format.Container == "adts" ? "aac" : Format.Container;
        var encoded = Ffmpeg.Run(WaveFile.ToBytes(Resampler.Resample(clip, rate)),
            "-f", "wav", "-i", "pipe:0", "-c:a", Format.Encoder, "-b:a", bitRate, "-f", Format.Container, "pipe:1");
        var wave = Ffmpeg.Run(encoded, "-f", demuxer, "-i", "pipe:0", "-c:a", "pcm_s16le", "-f", "wav", "pipe:1");
        var decoded = WaveFile.Parse($"{Name} decoded by ffmpeg", wave);
        var aligned = decoded with { Samples = decoded.Samples[Math.Min(Format.DelaySamples, decoded.Samples.Length)..] };
        var resampled = Resampler.Resample(aligned, clip.SampleRate);
        return resampled with { Samples = Samples.SliceOrPad(resampled.Samples, 0, clip.Samples.Length) };
    }
}

/// <summary>Lossy codecs that recordings commonly pass through.</summary>
public enum LossyCodec
{
    /// <summary>MPEG-1 and MPEG-2 layer III, by LAME.</summary>
    Mp3,

    /// <summary>AAC (low complexity), by ffmpeg's own encoder: voice memos of most phones.</summary>
    Aac,

    /// <summary>Opus, by libopus: voice messages in messengers.</summary>
    Opus,

    /// <summary>AMR narrowband, 8 kHz: telephone calls, voice memos of older phones.</summary>
    AmrNarrowband,

    /// <summary>AMR wideband, 16 kHz: newer telephone calls.</summary>
    AmrWideband,
}
