namespace DeviceId.Audio;

/// <summary>How several channels are reduced to one.</summary>
internal enum ChannelChoice
{
    /// <summary>The first channel (left), or the first channel that holds sound if all samples of the left one are equal.</summary>
    First,

    /// <summary>The channel with the largest energy (sum of squares); the first one in a tie.</summary>
    Louder,

    /// <summary>The mean of all channels.</summary>
    Mean,
}
