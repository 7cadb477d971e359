using DeviceId.Audio;
using DeviceId.Corpora;

namespace DeviceId.Tests.Corpora;

/// <summary>Small corpora without files, and small audio files for corpora.</summary>
internal static class FakeCorpus
{
    public static Recording Recording(string device, string sentence, string? hash = null, string? speaker = null) =>
        new($"/{device}/{sentence}.wav", device, sentence, hash ?? $"{device} {sentence}", 8000, 1, speaker);

    /// <summary>Every device records every sentence from 1 on, named as in CCNU-Mobile.</summary>
    public static Corpus Full(int devices, int sentences) => new(
        "fake",
        from device in Enumerable.Range(0, devices)
        from sentence in Enumerable.Range(1, sentences)
        select Recording($"device{device}", $"{sentence:D3}", speaker: $"speaker{sentence % 3}"), []);

    /// <summary>Writes 0.1 s of sound whose samples depend on the seed.</summary>
    public static void WriteSound(string path, int seed)
    {
        var samples = Enumerable.Range(0, 800).Select(i => (float)((i * (seed + 3)) % 101 / 202.0)).ToArray();
        WaveFile.Write(path, new AudioClip(samples, 8000));
    }
}
