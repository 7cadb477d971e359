using DeviceId.Audio;

namespace DeviceId.Fuzz;

/// <summary>A format of uncompressed samples, read by the native readers with each choice of channel.</summary>
/// <param name="name">Name on the command line.</param>
/// <param name="seeds">Small valid files.</param>
internal sealed class UncompressedTarget(string name, params byte[][] seeds) : FuzzTarget(name, typeof(AudioException))
{
    private static readonly byte[] Wave64Tail = [0xF3, 0xAC, 0xD3, 0x11, 0x8C, 0xD1, 0x00, 0xC0, 0x4F, 0x8E, 0xDB, 0x8A];

    /// <summary>AIFF and AIFF-C.</summary>
    public static UncompressedTarget Aiff { get; } = new("aiff",
        [.. "FORM"u8, 0, 0, 0, 58, .. "AIFFCOMM"u8, 0, 0, 0, 18, 0, 2, 0, 0, 0, 2, 0, 16, 0x40, 0x0B, 0xFA, 0, 0, 0, 0, 0, 0, 0,
            .. "SSND"u8, 0, 0, 0, 16, .. new byte[16]],
        [.. "FORM"u8, 0, 0, 0, 58, .. "AIFCCOMM"u8, 0, 0, 0, 22, 0, 1, 0, 0, 0, 2, 0, 32, 0x40, 0x0B, 0xFA, 0, 0, 0, 0, 0, 0, 0,
            .. "fl32SSND"u8, 0, 0, 0, 16, .. new byte[16]]);

    /// <summary>Wave64.</summary>
    public static UncompressedTarget Wave64 { get; } = new("wave64",
        [.. "riff"u8, 0x2E, 0x91, 0xCF, 0x11, 0xA5, 0xD6, 0x28, 0xDB, 0x04, 0xC1, 0x00, 0x00, 112, 0, 0, 0, 0, 0, 0, 0,
            .. "wave"u8, .. Wave64Tail, .. "fmt "u8, .. Wave64Tail, 40, 0, 0, 0, 0, 0, 0, 0,
            1, 0, 1, 0, 0x40, 0x1F, 0, 0, 0x80, 0x3E, 0, 0, 2, 0, 16, 0,
            .. "data"u8, .. Wave64Tail, 32, 0, 0, 0, 0, 0, 0, 0, .. new byte[8]]);

    /// <summary>AU, with 16-bit samples and with µ-law.</summary>
    public static UncompressedTarget Au { get; } = new("au",
        [.. ".snd"u8, 0, 0, 0, 24, 0, 0, 0, 8, 0, 0, 0, 3, 0, 0, 0x1F, 0x40, 0, 0, 0, 2, .. new byte[8]],
        [.. ".snd"u8, 0, 0, 0, 24, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 1, 0, 0, 0x1F, 0x40, 0, 0, 0, 1, .. new byte[8]]);

    public override IEnumerable<byte[]> Seeds() => seeds;

    protected override void Read(byte[] input)
    {
        foreach (var choice in SoundCheck.Choices)
        {
            if (NativeReaders.Open("x", new FileBytes.InMemory(input)) is { } reader)
                SoundCheck.Verify(ClipReader.Read("x", reader, choice), input.Length);
            else
                throw new AudioException("x", "the file is for a decoder.");
        }
    }
}
