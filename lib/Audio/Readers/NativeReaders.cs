namespace DeviceId.Audio;

/// <summary>The formats that are read without a decoder: uncompressed samples, A-law and µ-law in the usual containers.</summary>
internal static class NativeReaders
{
    private const int MagicBytes = 16;
    private const int TagHeader = 10;

    /// <summary>Opens a file, which is disposed of with the reader; null if a decoder has to read it.</summary>
    /// <exception cref="AudioException">The format is known, but the file is damaged.</exception>
    public static PcmReader? Open(string path, FileBytes file)
    {
        var content = WithoutTag(file);
        return Layout(path, content) is { } layout ? new PcmReader(path, content, layout) : null;
    }

    /// <summary>The file without the ID3v2 tag that some programs put before RIFF, fLaC and others.</summary>
    public static FileBytes WithoutTag(FileBytes file)
    {
        Span<byte> tag = stackalloc byte[TagHeader];
        if (file.Read(0, tag) < TagHeader || !tag.StartsWith("ID3"u8) || tag[6..].ContainsAnyExceptInRange((byte)0, (byte)0x7F))
            return file;
        var footer = (tag[5] & 0x10) != 0 ? TagHeader : 0;
        var size = TagHeader + (tag[6] << 21 | tag[7] << 14 | tag[8] << 7 | tag[9]) + footer;
        var rest = new FileBytes.Rest(file, size);
        Span<byte> magic = stackalloc byte[MagicBytes];
        return size < file.Length && IsKnown(magic[..rest.Read(0, magic)]) ? rest : file;
    }

    private static bool IsKnown(ReadOnlySpan<byte> magic) =>
        WaveHeader.Recognises(magic) || Wave64Header.Recognises(magic) || AiffHeader.Recognises(magic) || AuHeader.Recognises(magic)
        || SphereFile.Recognises(magic) || magic.StartsWith("fLaC"u8);

    private static PcmLayout? Layout(string path, FileBytes file)
    {
        var magic = new byte[MagicBytes];
        magic = magic[..file.Read(0, magic)];
        return WaveHeader.Recognises(magic) ? WaveHeader.Read(path, file, out _)
            : Wave64Header.Recognises(magic) ? Wave64Header.Read(path, file)
            : AiffHeader.Recognises(magic) ? AiffHeader.Read(path, file)
            : AuHeader.Recognises(magic) ? AuHeader.Read(path, file)
            : SphereFile.Recognises(magic) ? SphereFile.Read(path, file)
            : null;
    }
}
