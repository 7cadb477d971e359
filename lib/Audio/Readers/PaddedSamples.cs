namespace DeviceId.Audio;

/// <summary>Finds out on which side 24 bits lie in 4 bytes: programs disagree, and headers do not say.</summary>
internal static class PaddedSamples
{
    private const int BlockBytes = 1 << 16;

    /// <summary>
    /// <see cref="SampleFormat.Signed24In4"/> if the most significant byte is 0 in all samples, or repeats the sign in all; otherwise the
    /// bits fill the upper bytes, as in <see cref="SampleFormat.Signed32"/>.
    /// </summary>
    public static SampleFormat Resolve(FileBytes file, IReadOnlyList<DataRange> data, bool bigEndian)
    {
        var (zero, sign) = (true, true);
        var buffer = new byte[BlockBytes];
        foreach (var range in data)
        {
            for (long done = 0; done < range.Length && (zero || sign); done += BlockBytes)
            {
                var count = file.Read(range.First + done, buffer.AsSpan(0, (int)Math.Min(BlockBytes, range.Length - done)));
                Inspect(buffer.AsSpan(0, count), bigEndian, ref zero, ref sign);
            }
        }

        return zero || sign ? SampleFormat.Signed24In4 : SampleFormat.Signed32;
    }

    private static void Inspect(ReadOnlySpan<byte> bytes, bool bigEndian, ref bool zero, ref bool sign)
    {
        for (var i = 0; i + 4 <= bytes.Length; i += 4)
        {
            var (top, next) = bigEndian ? (bytes[i], bytes[i + 1]) : (bytes[i + 3], bytes[i + 2]);
            zero &= top == 0;
            sign &= top == (next >= 0x80 ? 0xFF : 0);
        }
    }
}
