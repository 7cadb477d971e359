using DeviceId.Audio;

namespace DeviceId.Fuzz;

/// <summary>ffprobe's descriptions of files (JSON).</summary>
internal sealed class ProbeTarget() : FuzzTarget("ffprobe", typeof(AudioException))
{
    public override IEnumerable<byte[]> Seeds()
    {
        yield return """
            {"streams":[{"codec_name":"aac","codec_type":"audio","sample_rate":"44100","channels":2,"bits_per_sample":0,"duration":"1.5"}],
            "format":{"format_name":"mov,mp4","duration":"1.6"}}
            """u8.ToArray();
        yield return """{"streams":[{"codec_type":"video"},{"codec_type":"audio","sample_rate":48000,"channels":6}],"format":{}}"""u8
            .ToArray();
        yield return """{"streams":[{"codec_type":"audio","sample_rate":8000,"channels":"1","bits_per_raw_sample":"24"}],"format":{}}"""u8
            .ToArray();
    }

    protected override void Read(byte[] input)
    {
        var probe = FfmpegProbe.Parse("x", input);
        AudioLimits.Check("x", (uint)probe.SampleRate, probe.Channels);
        Require(probe.Tracks > 0 && probe.Bits >= 0 && probe.Seconds is null or (> 0 and < double.MaxValue), $"impossible: {probe}");
    }
}
