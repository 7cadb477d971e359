using DeviceId.Audio;

namespace DeviceId.Fuzz;

/// <summary>AIFF files, read by NAudio.</summary>
internal sealed class NAudioTarget() : FuzzTarget("naudio", typeof(AudioException))
{
    private const int BlockSamples = 4096;

    // The other seeds are AIFF-C, which NAudio is never given.
    public override IEnumerable<byte[]> Seeds() => UncompressedTarget.Aiff.Seeds().Take(1);

    protected override void Read(byte[] input) => WithFile("input.aiff", input, path =>
    {
        using var reader = NAudioReader.Open(path);
        var block = new float[BlockSamples / reader.Info.Channels * reader.Info.Channels];
        var samples = 0L;
        while (reader.Read(block) is var frames and > 0)
        {
            samples += frames * reader.Info.Channels;
            Require(samples <= input.Length, $"{input.Length} bytes became {samples} samples");
        }
    });
}
