using DeviceId.Audio;
using DeviceId.Foundation;

namespace DeviceId.Degradations;

/// <summary>Encoded by a lossy codec and decoded again, by the ffmpeg that is installed.</summary>
/// <remarks>
/// 1 clip -> least sampling rate of the codec that keeps all of it (else its greatest), 16 bits
/// 2 -> ffmpeg encodes -> ffmpeg decodes, in memory
/// 3 -> without the codec's own delay -> the clip's sampling rate and length
/// Another version of an encoder gives other samples. Bit rates are what is asked for: Opus and AAC vary around it, and AMR takes the
/// nearest of its modes.
/// </remarks>
/// <param name="Codec">Which.</param>
/// <param name="KilobitsPerSecond">From 4 to 512 kbit/s; not every codec reaches both ends.</param>
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
            yield return $"Codec is {Codec}: there are {string.Join(", ", Enum.GetNames<LossyCodec>())}.";
        if (KilobitsPerSecond is not (>= 4 and <= 512))
            yield return FormattableString.Invariant($"KilobitsPerSecond is {KilobitsPerSecond}: it lies between 4 and 512.");
    }

    /// <inheritdoc/>
    protected override AudioClip Change(AudioClip clip, SplitMix64 random)
    {
        var rate = Format.RateFor(clip.SampleRate);
        var bits = FormattableString.Invariant($"{Math.Round(KilobitsPerSecond * 1000)}");
        var encoded = Ffmpeg.Run(WaveFile.ToBytes(Resampler.Resample(clip, rate)), "-f", "wav", "-i", "pipe:0", "-c:a", Format.Encoder,
            "-b:a", bits, "-f", Format.Container, "pipe:1");
        var wave = Ffmpeg.Run(encoded, "-f", Format.Container == "adts" ? "aac" : Format.Container, "-i", "pipe:0", "-c:a", "pcm_s16le",
            "-f", "wav", "pipe:1");
        var decoded = WaveFile.Parse($"what ffmpeg made of {Name}", wave, ChannelChoice.First);
        var sound = decoded with { Samples = decoded.Samples[Math.Min(Format.DelaySamples, decoded.Samples.Length)..] };
        var back = Resampler.Resample(sound, clip.SampleRate);
        return back with { Samples = Samples.Piece(back.Samples, 0, clip.Samples.Length) };
    }
}
