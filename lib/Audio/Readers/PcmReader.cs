using System.Numerics.Tensors;

namespace DeviceId.Audio;

/// <summary>Reads uncompressed samples, all channels, in order or from any frame.</summary>
internal sealed class PcmReader : AudioReader
{
    private const int BlockBytes = 1 << 16;

    // Far above what mixing in floating point gives; 8-bit integers reach 127.
    private const float UnscaledPeak = 100;

    private static readonly string DecoderName =
        $"DeviceId {typeof(PcmReader).Assembly.GetName().Version?.ToString(3) ?? "unknown"}";

    private readonly string _path;
    private readonly FileBytes _file;
    private readonly PcmLayout _layout;
    private readonly byte[] _buffer;
    private AudioFileInfo _info;
    private long _position;
    private bool _complete;
    private float _peak;

    /// <param name="path">The file, named in errors.</param>
    /// <param name="file">Its bytes; disposed of with the reader.</param>
    /// <param name="layout">Where the samples are.</param>
    public PcmReader(string path, FileBytes file, PcmLayout layout)
    {
        (_path, _file, _layout) = (path, file, layout);
        _buffer = new byte[Math.Max(BlockBytes / layout.FrameBytes, 1) * layout.FrameBytes];
        TotalFrames = layout.BytesUsed / layout.FrameBytes;
        var codec = layout.Format switch { SampleFormat.MuLaw => "µ-law", SampleFormat.ALaw => "A-law", _ => "PCM" };
        _info = new AudioFileInfo(layout.Container, codec, codec != "PCM", SampleReader.Describe(layout.Format), layout.SampleRate,
            layout.Channels, 1, DecoderName)
        {
            FileBytes = file.Length,
            BytesClaimed = layout.BytesClaimed,
            BytesPresent = layout.BytesPresent,
            BytesUsed = layout.BytesUsed,
            Warnings = layout.Warnings,
        };
    }

    /// <inheritdoc/>
    public override AudioFileInfo Info => _info;

    /// <inheritdoc/>
    public override long? Frames => TotalFrames;

    /// <summary>Number of sample frames.</summary>
    public long TotalFrames { get; }

    /// <summary>Number of channels.</summary>
    public int Channels => _layout.Channels;

    /// <inheritdoc/>
    public override int Read(Span<float> interleaved)
    {
        var frames = (int)Math.Min(interleaved.Length / Channels, TotalFrames - _position);
        if (frames == 0 && interleaved.Length > 0)
        {
            Complete();
            return 0;
        }

        ReadAt(_position, interleaved[..(frames * Channels)]);
        _position += frames;
        return frames;
    }

    /// <summary>Reads sample frames from anywhere in the file.</summary>
    /// <param name="frame">Index of the first frame.</param>
    /// <param name="interleaved">Receives the samples; the file must hold that many.</param>
    /// <exception cref="AudioException">The file can no longer be read, or a sample is not plausible.</exception>
    public void ReadAt(long frame, Span<float> interleaved)
    {
        var size = SampleReader.Bytes(_layout.Format);
        var offset = frame * _layout.FrameBytes;
        for (var done = 0; done < interleaved.Length;)
        {
            var (first, left) = Locate(offset);
            var count = (int)Math.Min(Math.Min(_buffer.Length, left), (long)(interleaved.Length - done) * size);
            if (_file.Read(first, _buffer.AsSpan(0, count)) != count)
                throw new AudioException(_path, "the file became shorter while it was read: wait until it is completely written.");
            SampleReader.Decode(_buffer.AsSpan(0, count), _layout.Format, _layout.BigEndian, interleaved.Slice(done, count / size));
            done += count / size;
            offset += count;
        }

        AudioLimits.RequirePlausible(_path, interleaved, frame, Channels);
        if (_layout.Format is SampleFormat.Float32 or SampleFormat.Float64 && !interleaved.IsEmpty)
            _peak = Math.Max(_peak, MathF.Abs(TensorPrimitives.MaxMagnitude(interleaved)));
    }

    /// <inheritdoc/>
    public override void Dispose() => _file.Dispose();

    /// <summary>Position in the file of a byte of sound, and how many follow it without a gap.</summary>
    private (long First, long Left) Locate(long offset)
    {
        foreach (var range in _layout.Data)
        {
            if (offset < range.Length)
                return (range.First + offset, range.Length - offset);
            offset -= range.Length;
        }

        throw new ArgumentOutOfRangeException(nameof(offset));
    }

    private void Complete()
    {
        if (_complete)
            return;
        _complete = true;
        _info = _file.Complete(_info);
        if (_peak > UnscaledPeak)
            _info = _info with { Warnings = [.. _info.Warnings, LengthWarnings.Unscaled(_peak)] };
    }
}
