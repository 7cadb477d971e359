namespace DeviceId.Audio;

/// <summary>The same sound with a root mean square of 1; digital silence stays as it is.</summary>
internal sealed class LevelNormaliser : ISampleSource
{
    private const int ChunkSamples = 1 << 16;
    private readonly ISampleSource _source;
    private readonly double _level;

    /// <summary>Measures the source, piece by piece.</summary>
    public LevelNormaliser(ISampleSource source)
    {
        _source = source;
        var piece = new float[Math.Min(source.Length, ChunkSamples)];
        var power = 0.0;
        for (long first = 0; first < source.Length; first += piece.Length)
        {
            var here = piece.AsSpan(0, (int)Math.Min(piece.Length, source.Length - first));
            source.Read(first, here);
            foreach (var sample in here)
                power += (double)sample * sample;
        }

        _level = Math.Sqrt(power / Math.Max(1, source.Length));
    }

    public int SampleRate => _source.SampleRate;

    public long Length => _source.Length;

    public void Read(long first, Span<float> samples)
    {
        _source.Read(first, samples);
        if (!(_level > 0))
            return;
        foreach (ref var sample in samples)
            sample = (float)(sample / _level);
    }
}
