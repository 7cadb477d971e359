namespace DeviceId.Audio;

// STAND-IN of helper E, to be dropped at the merge together with the "using ChannelChoice = ..." lines that name it: helper A provides
// ChannelChoice as a struct.
/// <summary>How several channels are reduced to one.</summary>
internal readonly record struct ChannelChoiceStandIn
{
    private ChannelChoiceStandIn(int number) => Value = number;

    /// <summary>The number of a channel, from 1; 0 for the one with speech, -1 for the mean.</summary>
    private int Value { get; }

    /// <summary>The first channel with speech.</summary>
    public static ChannelChoiceStandIn Speech => default;

    /// <summary>The mean of all channels.</summary>
    public static ChannelChoiceStandIn Mean => new(-1);

    /// <summary>A channel by its number, from 1.</summary>
    public static ChannelChoiceStandIn Number(int number) => new(number);

    /// <summary>Reads "speech", "mean" or a number from 1.</summary>
    /// <exception cref="FormatException">It is none of these.</exception>
    public static ChannelChoiceStandIn Parse(string text) => text == "speech" ? Speech : text == "mean" ? Mean
        : int.TryParse(text, out var number) && number > 0 ? Number(number) : throw new FormatException();

    /// <summary>Number of channels of a file; with helper A's readers: AudioFile.Open(path).Info.Channels.</summary>
    public static int Count(string path) => Speech.Read(path).Info?.Channels ?? 1;

    /// <summary>Reads a channel of a plain 16-bit WAV file with a header of 44 bytes; any other file as ever, without a record.</summary>
    public AudioClip Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        if (bytes.Length < 46 || BitConverter.ToInt32(bytes, 0) != BitConverter.ToInt32("RIFF"u8) || BitConverter.ToInt16(bytes, 34) != 16)
            return AudioFile.Read(path);
        var channels = BitConverter.ToInt16(bytes, 22);
        if (Value > channels)
            throw new AudioException(path, $"there is no channel {Value}: the file has {channels}.");
        var taken = Value > 0 ? Value : 1;
        var samples = new float[(bytes.Length - 44) / 2 / channels];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = BitConverter.ToInt16(bytes, 44 + (2 * ((i * channels) + taken - 1))) / 32768f;
        var rate = BitConverter.ToInt32(bytes, 24);
        return new AudioClip(samples, rate)
        {
            Info = new AudioFileInfo("WAV", "PCM", false, "16-bit integer", rate, channels, 1, "DeviceId")
            {
                FileBytes = bytes.Length, BytesClaimed = BitConverter.ToInt32(bytes, 40), BytesPresent = bytes.Length - 44,
                BytesUsed = bytes.Length - 44, Hash = Foundation.ContentHash.HashBytes(bytes),
                Channel = channels > 1 ? $"channel {taken} of {channels}" : "",
            },
        };
    }
}
