namespace DeviceId.Audio;

/// <summary>Scales a source to a root mean square (RMS) of 1. Digital silence is left unchanged.</summary>
internal sealed class LevelNormaliser : ISampleSource
{
    private const int ChunkSamples = 1 << 16;
    private readonly ISampleSource _source;
    private readonly double _rms;

    /// <summary>Measures the RMS of the source, reading it in chunks.</summary>
    public LevelNormaliser(ISampleSource source)
    {
        _source = source;
        var buffer = new float[Math.Min(source.Length, ChunkSamples)];
        var energy = 0.0;
        for (long first = 0; first < source.Length; first += buffer.Length)
        {
            var chunk = buffer.AsSpan(0, (int)Math.Min(buffer.Length, source.Length - first));
            source.Read(first, chunk);
            foreach (var sample in chunk)
                energy += (double)sample * sample;
        }

        _rms = Math.Sqrt(energy / Math.Max(1, source.Length));
    }

    public int SampleRate => _source.SampleRate;

    public long Length => _source.Length;

    public void Read(long first, Span<float> samples)
    {
        _source.Read(first, samples);
        if (!(_rms > 0))
            return;
        foreach (ref var sample in samples)
            sample = (float)(sample / _rms);
    }
}
