namespace DeviceId.Audio;

/// <summary>How several channels become one.</summary>
internal enum ChannelChoice
{
    /// <summary>The first channel (left); where all its samples are the same, the first that has sound.</summary>
    First,

    /// <summary>The channel with the greatest sum of squares; the first of equals.</summary>
    Louder,

    /// <summary>The mean of all channels.</summary>
    Mean,
}
