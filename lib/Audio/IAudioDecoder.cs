namespace DeviceId.Audio;

/// <summary>Reads sound files that the built-in readers do not.</summary>
internal interface IAudioDecoder
{
    /// <summary>For messages: "NAudio".</summary>
    string Name { get; }

    /// <summary>Whether this decoder can be tried on a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="header">Its first bytes, 64 at most.</param>
    bool CanRead(string path, ReadOnlySpan<byte> header);

    /// <summary>Reads the whole file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="channel">How several channels become one.</param>
    /// <exception cref="AudioException">The file cannot be read.</exception>
    AudioClip Decode(string path, ChannelChoice channel);
}
