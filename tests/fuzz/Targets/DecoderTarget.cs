using DeviceId.Audio;

namespace DeviceId.Fuzz;

/// <summary>Compressed files, decoded in managed code. The seeds are tones that ffmpeg encoded.</summary>
/// <param name="name">Name on the command line, and ending of the seeds.</param>
/// <param name="open">Opens a file with the decoder.</param>
internal sealed class DecoderTarget(string name, Func<string, AudioReader> open) : FuzzTarget(name, typeof(AudioException))
{
    /// <summary>Samples for each byte of input; MPEG layer III at 8 kbit/s has 24, a silent Vorbis packet more.</summary>
    private const long MaxSamplesPerByte = 8192;

    /// <summary>MP3 by NLayer.</summary>
    public static DecoderTarget Mp3 { get; } = new("mp3", Mp3Reader.Open);

    /// <summary>Ogg Vorbis by NVorbis.</summary>
    public static DecoderTarget Vorbis { get; } = new("ogg", VorbisReader.Open);

    public override IEnumerable<byte[]> Seeds() =>
        Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "seeds", "decoders"), $"*.{Name}").Order(StringComparer.Ordinal)
        .Select(File.ReadAllBytes);

    protected override void Read(byte[] input) => WithFile($"sound.{Name}", input, path =>
    {
        using var reader = open(path);
        Require(reader.Info is { SampleRate: > 0, Channels: > 0 }, "a file without rate or channels was opened");
        var block = new float[1024 * reader.Info.Channels];
        long samples = 0;
        while (reader.Read(block) is var frames and > 0)
        {
            samples += frames * reader.Info.Channels;
            Require(block.All(float.IsFinite), "a sample is not finite");
            Require(samples <= MaxSamplesPerByte * input.Length, $"{input.Length} bytes became more than {samples} samples");
        }
    });
}
