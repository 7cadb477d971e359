namespace DeviceId.Audio;

/// <summary>Decodes audio formats that the built-in readers do not support.</summary>
internal interface IAudioDecoder
{
    /// <summary>Name used in messages, such as "NAudio".</summary>
    string Name { get; }

    /// <summary>Whether this decoder may be able to read a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="header">The first bytes of the file, at most 64.</param>
    bool CanRead(string path, ReadOnlySpan<byte> header);

    /// <summary>Reads the whole file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="channel">How several channels are reduced to one.</param>
    /// <exception cref="AudioException">The file cannot be read.</exception>
    AudioClip Decode(string path, ChannelChoice channel);
}
