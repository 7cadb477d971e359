namespace DeviceId.Audio;

/// <summary>Changes the sampling rate by band-limited sinc interpolation.</summary>
/// <remarks>
/// Sinc interpolation with a Kaiser window (J. O. Smith, "Digital Audio Resampling"): beta 9 (stop-band attenuation at least 85 dB), 32
/// zero crossings on each side, cut-off frequency 0.455 times the lower of the two rates. Tones up to 0.41 times the lower rate pass within
/// 0.01 dB and without delay; aliases are attenuated by at least 80 dB. The result has round(N x new / old) samples (at least one), and
/// sample 0 keeps its time. The filter of each output sample is exact for up to 2048 different positions between two samples (for example
/// 160 from 44.1 to 16 kHz), and interpolated linearly for more, with an error below -100 dB; it needs at most 4 MB for any two rates.
/// </remarks>
public static class Resampler
{
    private const int BlockSamples = 1 << 14;

    /// <summary>Resamples a clip. Returns the samples unchanged if the clip already has the rate.</summary>
    /// <param name="clip">The clip.</param>
    /// <param name="sampleRate">The new rate (Hz), greater than zero.</param>
    /// <param name="cancellationToken">Checked every 16,384 samples; a minute of audio takes less than a tenth of a second.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not positive.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static AudioClip Resample(AudioClip clip, int sampleRate, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sampleRate);
        if (sampleRate == clip.SampleRate || clip.Samples.Length == 0)
            return clip with { SampleRate = sampleRate };

        var stream = new ResamplingStream(clip.SampleRate, sampleRate);
        var result = new float[ResamplingStream.Length(clip.Samples.LongLength, clip.SampleRate, sampleRate)];
        var (block, done) = (new SampleBuffer(), 0);
        for (var first = 0; first < clip.Samples.Length; first += BlockSamples)
        {
            cancellationToken.ThrowIfCancellationRequested();
            stream.Push(clip.Samples.AsSpan(first, Math.Min(BlockSamples, clip.Samples.Length - first)), block);
            done += Move(block, result, done);
        }

        stream.Finish(block);
        Move(block, result, done);
        return new AudioClip(result, sampleRate) { Info = clip.Info };
    }

    private static int Move(SampleBuffer block, float[] result, int first)
    {
        var count = block.Count;
        block.Span.CopyTo(result.AsSpan(first));
        block.RemoveFirst(count);
        return count;
    }
}
