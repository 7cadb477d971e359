using System.Globalization;

namespace DeviceId.Audio;

/// <summary>How several channels are reduced to one.</summary>
internal readonly record struct ChannelChoice
{
    private const int MeanCode = -1;

    private readonly int _code;

    private ChannelChoice(int code) => _code = code;

    /// <summary>The first channel with speech, see <see cref="ChannelSurvey"/>; the default.</summary>
    public static ChannelChoice Speech => default;

    /// <summary>The mean of all channels.</summary>
    public static ChannelChoice Mean => new(MeanCode);

    /// <summary>Whether the channel with speech is to be found.</summary>
    public bool IsSpeech => _code == 0;

    /// <summary>Whether the mean of all channels is taken.</summary>
    public bool IsMean => _code == MeanCode;

    /// <summary>The chosen channel, from 1; null if none was chosen by its number.</summary>
    public int? Chosen => _code > 0 ? _code : null;

    /// <summary>One channel by its number.</summary>
    /// <param name="number">Number of the channel, from 1.</param>
    public static ChannelChoice Number(int number)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        return new ChannelChoice(number);
    }

    /// <summary>
    /// Says what was taken because it was asked for: "the mean of 2 channels"; "" for a file of one channel.
    /// </summary>
    /// <param name="channels">Number of channels of the file.</param>
    public string Describe(int channels) => channels == 1 ? ""
        : IsMean ? $"the mean of {channels} channels" : $"channel {this} of {channels} (asked for)";

    /// <summary>Parses "speech", "mean" or the number of a channel.</summary>
    /// <exception cref="FormatException">The text is none of these.</exception>
    public static ChannelChoice Parse(string text) => text switch
    {
        "speech" => Speech,
        "mean" => Mean,
        _ when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 => Number(number),
        _ => throw new FormatException($"'{text}' is no channel: say 'speech', 'mean' or a number from 1."),
    };

    /// <inheritdoc/>
    public override string ToString() =>
        IsSpeech ? "speech" : IsMean ? "mean" : _code.ToString(CultureInfo.InvariantCulture);
}
