using System.Text;
using DeviceId.Audio;

namespace DeviceId.Fuzz;

/// <summary>NIST SPHERE files, read with each choice of channel.</summary>
internal sealed class SphereTarget() : FuzzTarget("sphere", typeof(AudioException))
{
    public override IEnumerable<byte[]> Seeds()
    {
        yield return Make(8, "sample_rate -i 16000", "channel_count -i 1", "sample_n_bytes -i 2", "sample_byte_format -s2 01",
            "sample_count -i 4", "sample_coding -s3 pcm");
        yield return Make(8, "sample_rate -i 8000", "channel_count -i 2", "sample_n_bytes -i 1");
        yield return Make(8, "sample_rate -i 8000", "sample_n_bytes -i 4", "sample_byte_format -s4 1032");
        yield return Make(9, "sample_rate -i 8000", "channel_count -i 3", "sample_n_bytes -i 3");
    }

    // The header is shorter than NIST's 1024 bytes, which the reader accepts: the fuzzer should change fields, not blanks.
    private static byte[] Make(int dataBytes, params string[] fields)
    {
        var text = string.Join('\n', fields) + "\nend_head\n";
        return [.. Encoding.ASCII.GetBytes($"NIST_1A\n{16 + text.Length,7}\n{text}"), .. new byte[dataBytes]];
    }

    protected override void Read(byte[] input)
    {
        foreach (var choice in SoundCheck.Choices)
            SoundCheck.Verify(SphereFile.Parse("x", input, choice), input.Length);
    }
}
