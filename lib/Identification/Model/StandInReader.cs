using DeviceId.Audio;
using DeviceId.Foundation;

namespace DeviceId.Identification;

/// <summary>Stands in for AudioFile.Open until it is merged.</summary>
internal sealed class StandInReader : AudioReader
{
    private readonly FileBytes? _file;
    private readonly WaveHeader? _header;
    private readonly float[]? _samples;
    private byte[] _bytes = [];
    private float[] _channel = [];
    private long _done;

    private StandInReader(string path, FileBytes file)
    {
        (_file, _header) = (file, WaveHeader.Read(path, file));
        Info = new AudioFileInfo("WAV", "PCM", false, "", _header.SampleRate, _header.Channels, 1, "DeviceId")
        {
            Hash = ContentHash.HashFile(path),
        };
    }

    private StandInReader(string path, AudioClip clip)
    {
        _samples = clip.Samples;
        Info = new AudioFileInfo("", "", null, "", clip.SampleRate, 1, 1, "") { Hash = ContentHash.HashFile(path) };
    }

    public override AudioFileInfo Info { get; }

    public override long? Frames => _samples?.Length ?? _header!.Frames;

    public static StandInReader Open(string path)
    {
        if (!WaveFile.Recognises(FileBytes.ReadHeader(path, 64)))
            return new StandInReader(path, AudioFile.Read(path));
        var file = FileBytes.Open(path);
        try
        {
            return new StandInReader(path, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public override int Read(Span<float> interleaved)
    {
        var frames = (int)Math.Min(interleaved.Length / Info.Channels, Frames!.Value - _done);
        if (_samples is not null)
            _samples.AsSpan((int)_done, frames).CopyTo(interleaved);
        else
            ReadWave(_header!, interleaved, frames);
        _done += frames;
        return frames;
    }

    public override void Dispose() => _file?.Dispose();

    private void ReadWave(WaveHeader header, Span<float> interleaved, int frames)
    {
        var frameBytes = header.Channels * SampleReader.Bytes(header.Format);
        if (_channel.Length < frames)
            (_channel, _bytes) = (new float[frames], new byte[frames * frameBytes]);
        var bytes = _bytes.AsSpan(0, frames * frameBytes);
        _file!.Read(header.First + (_done * frameBytes), bytes);
        for (var channel = 0; channel < header.Channels; channel++)
        {
            SampleReader.Channel(bytes, header.Format, header.Channels, channel, _channel.AsSpan(0, frames));
            for (var i = 0; i < frames; i++)
                interleaved[(i * header.Channels) + channel] = _channel[i];
        }
    }
}
