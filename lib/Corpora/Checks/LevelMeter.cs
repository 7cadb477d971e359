using System.Numerics.Tensors;

namespace DeviceId.Corpora;

/// <summary>Measures <see cref="RecordingLevels"/> of a recording that arrives in blocks; 8 bytes are kept for each 20 ms.</summary>
/// <remarks>The results do not depend on the division into blocks. Not thread-safe.</remarks>
internal sealed class LevelMeter
{
    private const double WindowSeconds = 0.02;

    private readonly int _windowLength;
    private readonly List<double> _powers = [];
    private readonly ClippingMeter _clipping = new();
    private double _energy;
    private double _windowEnergy;
    private int _inWindow;

    /// <summary>Begins a recording.</summary>
    /// <param name="sampleRate">Samples per second (Hz).</param>
    public LevelMeter(int sampleRate) => _windowLength = Math.Max(1, (int)(WindowSeconds * sampleRate));

    /// <summary>Number of samples so far.</summary>
    public long Samples { get; private set; }

    /// <summary>Takes the next samples.</summary>
    /// <param name="samples">Finite samples, full scale = 1.</param>
    public void Add(ReadOnlySpan<float> samples)
    {
        Samples += samples.Length;
        while (samples.Length > 0)
        {
            var part = samples[..Math.Min(samples.Length, _windowLength - _inWindow)];
            AddPart(part);
            samples = samples[part.Length..];
        }
    }

    /// <summary>Ends the recording.</summary>
    /// <exception cref="ArgumentException">There was no sample.</exception>
    public RecordingLevels Finish()
    {
        if (Samples == 0)
            throw new ArgumentException("An empty clip has no level.");
        EndWindow();
        _powers.Sort();
        return RecordingLevels.From(_clipping.Peak, _energy / Samples, _clipping.Count() / (double)Samples, _powers);
    }

    private void AddPart(ReadOnlySpan<float> part)
    {
        var (energy, window) = (_energy, _windowEnergy);
        foreach (var sample in part)
        {
            var square = (double)sample * sample;
            energy += square;
            window += square;
        }

        (_energy, _windowEnergy, _inWindow) = (energy, window, _inWindow + part.Length);
        _clipping.Add(part, Math.Abs(TensorPrimitives.MaxMagnitude(part)));
        if (_inWindow == _windowLength)
            EndWindow();
    }

    private void EndWindow()
    {
        if (_inWindow > 0)
            _powers.Add(_windowEnergy / _inWindow);
        (_windowEnergy, _inWindow) = (0, 0);
    }
}
