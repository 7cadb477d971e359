using DeviceId.Audio;
using DeviceId.Corpora;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Identification;

/// <summary>Measures <see cref="RecordingStatistics"/> of a recording that arrives in blocks.</summary>
/// <remarks>
/// The results do not depend on the division into blocks. Of a long recording, every 2nd, 4th, ... frame is kept, so that at most 20,000
/// spectra or 32 MB are kept: more frames do not change the statistics. Not thread-safe.
/// </remarks>
internal sealed class StatisticsMeter : IDisposable
{
    private const double FrameSeconds = 0.016;
    private const int MaxFrames = 20_000;
    private const int MaxValues = 1 << 23;
    private const int BatchFrames = 64;

    private readonly int _sampleRate;
    private readonly int _length;
    private readonly LevelMeter _levels;
    private readonly Tensor _window;
    private readonly Tensor _frames;
    private readonly Tensor _spectra;
    private readonly SampleBuffer _input = new();
    private long _skip;
    private int _inBatch;
    private int _kept;
    private int _stride = 1;

    /// <summary>Begins a recording.</summary>
    /// <param name="sampleRate">Samples per second (Hz).</param>
    public StatisticsMeter(int sampleRate)
    {
        ComputeDevice.Load();
        _sampleRate = sampleRate;
        _length = Math.Max(4, (int)(FrameSeconds * sampleRate));
        _levels = new LevelMeter(sampleRate);
        var bins = (_length / 2) + 1;
        _window = hann_window(_length, device: CPU).DetachFromDisposeScope();
        _frames = empty([BatchFrames, _length], device: CPU).DetachFromDisposeScope();
        // Memory that is not written to is not resident: a short recording needs little of it.
        _spectra = empty([Math.Clamp(MaxValues / bins, 2, MaxFrames), bins], device: CPU).DetachFromDisposeScope();
    }

    /// <summary>Takes the next samples.</summary>
    /// <param name="samples">Finite samples, full scale = 1.</param>
    public void Add(ReadOnlySpan<float> samples)
    {
        _levels.Add(samples);
        var skipped = (int)Math.Min(_skip, samples.Length);
        _skip -= skipped;
        _input.Append(samples[skipped..]);
        while (_input.Count >= _length)
            TakeFrame();
    }

    /// <summary>Ends the recording.</summary>
    /// <exception cref="ArgumentException">There was no sample.</exception>
    public RecordingStatistics Finish()
    {
        var levels = _levels.Finish();
        if (_levels.Samples < _length)
        {
            _input.Extend(_length - _input.Count).Clear();
            TakeFrame();
        }

        Transform();
        using var spectra = _spectra.narrow(0, 0, _kept);
        return RecordingStatistics.From(_sampleRate, _levels.Samples / (double)_sampleRate, levels, spectra);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _window.Dispose();
        _frames.Dispose();
        _spectra.Dispose();
    }

    private void TakeFrame()
    {
        if (_kept + _inBatch == _spectra.shape[0])
        {
            Transform();
            Thin();
            // This frame follows the last one at the old stride: it is kept only if the number of frames kept before was even.
            if (_spectra.shape[0] % 2 != 0)
            {
                Advance(_stride / 2);
                return;
            }
        }

        _input.Span[.._length].CopyTo(_frames.FloatSpan()[(_inBatch * _length)..]);
        _inBatch++;
        Advance(_stride);
        if (_inBatch == BatchFrames)
            Transform();
    }

    private void Advance(int frames)
    {
        var samples = (long)frames * (_length / 2);
        var removed = (int)Math.Min(samples, _input.Count);
        _input.RemoveFirst(removed);
        _skip = samples - removed;
    }

    private void Transform()
    {
        if (_inBatch == 0)
            return;
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var power = fft.rfft(_frames.narrow(0, 0, _inBatch) * _window, dim: 1).abs().square()
            .mul(2 / (_length * _window.square().sum()));
        _spectra.narrow(0, _kept, _inBatch).copy_(power);
        (_kept, _inBatch) = (_kept + _inBatch, 0);
    }

    /// <summary>Keeps every second of the spectra so far.</summary>
    private void Thin()
    {
        var bins = (int)_spectra.shape[1];
        var values = _spectra.FloatSpan();
        var kept = (_kept + 1) / 2;
        for (var i = 1; i < kept; i++)
            values.Slice(2 * i * bins, bins).CopyTo(values.Slice(i * bins, bins));
        (_kept, _stride) = (kept, 2 * _stride);
    }
}
