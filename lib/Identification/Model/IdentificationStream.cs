using DeviceId.Audio;
using DeviceId.Data;
using DeviceId.Features;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Identification;

/// <summary>Scores a recording that arrives in blocks: memory does not grow with its samples, only with its segments' scores.</summary>
/// <remarks>
/// <para>The recording is processed in blocks of whole segments, about 30 s each. A recording of one block gives the same result to the
/// last bit as the whole recording at once; longer ones differ by rounding (about 1e-6 of a probability), because matrix products of other
/// sizes sum in another order. The division of the samples into calls of <see cref="Push"/> does not matter.</para>
/// <para>The floor of the features depends on the peak of the whole recording. If digital silence before the loudest block turns out to lie
/// below the floor, <see cref="EndPass"/> asks for the recording again, and the blocks concerned are computed again.</para>
/// <para>Features that look at the whole recording (CMVN, level normalisation, selected frames, features other than one
/// <see cref="Mfcc"/>) are computed at the end from all samples, which then are kept in memory.</para>
/// </remarks>
internal sealed class IdentificationStream
{
    private const double BlockSeconds = 30;
    private const int MaxPush = 1 << 16;

    private readonly PhoneModel _model;
    private readonly int _fileRate;
    private readonly int _rate;
    private readonly bool _withSpectrum;
    private readonly FrameGrid _grid;
    private readonly int _blockFrames;
    private readonly int _context;
    private readonly List<Block> _blocks = [];
    private readonly ScoreQueue _scores;

    private ResamplingStream _resampler;
    private SampleBuffer _resampled = new();
    private float[] _blockSamples = [];
    private float[] _ownSamples = [];
    private float? _first;
    private bool _isConstant = true;
    private long _samples;
    private int _pass;
    private int _block;
    private int _before;
    private Peaks _peaks;

    /// <summary>Begins a recording.</summary>
    /// <param name="model">The model, which must not be disposed of before the end.</param>
    /// <param name="sampleRate">Sampling rate of the recording (Hz).</param>
    /// <param name="withSpectrum">Whether the mean log spectrum is computed.</param>
    /// <exception cref="ArgumentException">The sampling rate is incompatible with the settings.</exception>
    public IdentificationStream(PhoneModel model, int sampleRate, bool withSpectrum)
    {
        (_model, _fileRate, _withSpectrum) = (model, sampleRate, withSpectrum);
        var options = model.Options.FrontEnd;
        _rate = options.SampleRate ?? sampleRate;
        _grid = options.Grid(_rate);
        SegmentSeconds = options.SegmentFrames * _grid.Hop / (double)_rate;
        _blockFrames = model.BlockFeatures is null
            ? int.MaxValue : options.SegmentFrames * Math.Max(1, (int)(BlockSeconds / SegmentSeconds));
        _context = model.BlockFeatures?.BlockContext ?? 0;
        _resampler = new ResamplingStream(sampleRate, _rate);
        _scores = new ScoreQueue(model.Network);
    }

    private double SegmentSeconds { get; }

    private double Seconds => _samples / (double)_fileRate;

    /// <summary>Takes the next samples.</summary>
    /// <param name="samples">Samples of one channel at the recording's rate, all finite.</param>
    /// <exception cref="ArgumentException">Samples are NaN, infinite or too large to square.</exception>
    public void Push(ReadOnlySpan<float> samples)
    {
        for (var start = 0; start < samples.Length; start += MaxPush)
        {
            var part = samples[start..Math.Min(samples.Length, start + MaxPush)];
            _first ??= part[0];
            _isConstant = _isConstant && !part.ContainsAnyExcept(_first.Value);
            _samples += _pass == 0 ? part.Length : 0;
            _resampler.Push(part, _resampled);
            ProcessWhole();
        }
    }

    /// <summary>Ends the recording.</summary>
    /// <returns>Whether <see cref="Finish"/> can be called; otherwise push all samples once more, from the beginning.</returns>
    /// <exception cref="ArgumentException">The recording is shorter than one frame, contains NaN, or is silent.</exception>
    public bool EndPass()
    {
        if (_isConstant && _samples > 0)
            throw new ArgumentException("The recording is silent: all its samples are equal, so it cannot be identified.");
        _resampler.Finish(_resampled);
        ProcessWhole();
        var rest = Available();
        if (rest > 0)
            Process(Math.Min(rest, _blockFrames));
        if (rest > _blockFrames)
            Process(rest - _blockFrames);
        using (ComputeScope.Enter())
            _scores.ScoreAll();
        if (_blocks.Count == 0 || _blocks[0].Rows.Length == 0)
            throw new ArgumentException(FormattableString.Invariant(
                $"The recording lasts {Seconds:0.000} s, less than one frame, so it cannot be identified."));
        if (_pass > 0 || !_blocks.Exists(block => block.DependsOn(_peaks)))
            return true;
        (_pass, _block, _before, _resampled, _resampler) = (1, 0, 0, new SampleBuffer(), new ResamplingStream(_fileRate, _rate));
        return false;
    }

    /// <summary>The scores, after the last pass.</summary>
    public RecordingScores Finish()
    {
        var spectrum = new LogSpectrumSum(_model.Options.Spectra.Filters);
        foreach (var block in _blocks)
            spectrum.Add(block.Spectrum);
        return new RecordingScores([.. _blocks.SelectMany(block => block.Rows)], spectrum.Spectrum(), SegmentSeconds, Seconds);
    }

    /// <summary>Number of frames in the buffer after those before the current block.</summary>
    private int Available() => Math.Max(0, _grid.Frames(_resampled.Count) - _before);

    private void ProcessWhole()
    {
        while (_blockFrames < int.MaxValue && Available() >= _blockFrames + _context)
            Process(_blockFrames);
    }

    private void Process(int frames)
    {
        var isNew = _pass == 0;
        if (isNew || _blocks[_block].DependsOn(_peaks))
        {
            using var work = ComputeScope.Enter();
            using var scope = NewDisposeScope();
            var block = _model.BlockFeatures is null ? ComputeWhole() : Compute(frames);
            if (isNew)
                _blocks.Add(block);
            else
                _blocks[_block] = block;
            _peaks = _peaks.With(block);
        }

        _block++;
        var before = Math.Min(_context, frames + _before);
        _resampled.RemoveFirst((int)Math.Min(_resampled.Count, (_before + frames - before) * (long)_grid.Hop));
        _before = before;
    }

    private Block Compute(int frames)
    {
        var after = Math.Min(_context, Available() - frames);
        var samples = _resampled.Span[..(int)_grid.Samples(_before + frames + after)];
        var own = samples.Slice(_before * _grid.Hop, (int)_grid.Samples(frames));
        var clip = Clip(samples, ref _blockSamples);
        var features = _model.BlockFeatures!.ExtractBlock(clip, _peaks.Features, out var range).cpu().narrow(0, _before, frames);
        var spectrum = new LogSpectrumSum(_model.Options.Spectra.Filters);
        MfccBlockRange spectra = default;
        if (_withSpectrum)
        {
            var ownClip = own.Length == samples.Length ? clip : Clip(own, ref _ownSamples);
            spectrum.Add(_model.BlockSpectra!.ExtractBlock(ownClip, _peaks.Spectra, out spectra));
        }

        var block = new Block(spectrum, range, spectra, _peaks);
        // The frames after the last whole segment of a long recording are not used.
        if (_block == 0 || frames >= _model.Options.FrontEnd.SegmentFrames)
            Score(_model.FrontEnd.Transform(features), block);
        return block;
    }

    /// <summary>
    /// A clip on an array that the next block uses again: new arrays of this size would pile up until the next full collection.
    /// </summary>
    private AudioClip Clip(ReadOnlySpan<float> samples, ref float[] array)
    {
        if (array.Length != samples.Length)
            array = new float[samples.Length];
        samples.CopyTo(array);
        return new AudioClip(array, _rate);
    }

    private void Score(SampleBatch samples, Block block)
    {
        if (samples.Segments.shape[0] > 0)
            _scores.Add(samples, rows => block.Rows = rows);
    }

    private Block ComputeWhole()
    {
        var clip = new AudioClip(_resampled.Span.ToArray(), _rate);
        var spectrum = new LogSpectrumSum(_model.Options.Spectra.Filters);
        if (_withSpectrum)
            spectrum.Add(_model.ExtractSpectra(clip));
        var block = new Block(spectrum, default, default, default);
        Score(_model.FrontEnd.Transform(clip), block);
        return block;
    }

    /// <summary>Largest magnitudes so far, for the floors of the features and of the spectra.</summary>
    private readonly record struct Peaks(float Features, float Spectra)
    {
        public Peaks With(Block block) =>
            new(Math.Max(Features, block.Range.Peak), Math.Max(Spectra, block.SpectraRange.Peak));
    }

    /// <summary>Results of a block.</summary>
    private sealed record Block(LogSpectrumSum Spectrum, MfccBlockRange Range, MfccBlockRange SpectraRange, Peaks Used)
    {
        /// <summary>Probabilities of its segments, (segment, device); complete at the end of a pass.</summary>
        public float[][] Rows { get; set; } = [];

        public bool DependsOn(Peaks peaks) =>
            Mfcc.DependsOnPeak(Range, Used.Features, peaks.Features) || Mfcc.DependsOnPeak(SpectraRange, Used.Spectra, peaks.Spectra);
    }
}
