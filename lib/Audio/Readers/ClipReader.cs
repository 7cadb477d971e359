namespace DeviceId.Audio;

/// <summary>Reads a whole file into one channel in memory.</summary>
internal static class ClipReader
{
    private const int BlockSamples = 1 << 14;

    /// <summary>
    /// Reads one channel. With several, all are surveyed on the way, and the file is read again only if it is not the first.
    /// </summary>
    /// <param name="path">The file, named in errors.</param>
    /// <param name="reader">The file, before its first block; disposed of.</param>
    /// <param name="choice">How several channels are reduced to one.</param>
    /// <param name="reopen">Opens the file again; null if the reader is a <see cref="PcmReader"/>.</param>
    /// <exception cref="AudioException">The file is damaged, has no such channel, or is too long for one array.</exception>
    public static AudioClip Read(string path, AudioReader reader, ChannelChoice choice, Func<AudioReader>? reopen = null)
    {
        using (reader)
        {
            var channels = reader.Info.Channels;
            var survey = choice.IsSpeech && channels > 1 ? new ChannelSurvey(channels, reader.Info.SampleRate) : null;
            var samples = Collect(path, reader, ChannelPick.Of(path, choice, channels), survey);
            if (survey?.Choose() is not { } finding)
                return Clip(reader.Info, samples, choice.Describe(channels), null);
            if (finding.Channel > 0)
                ReadChannel(reader, finding.Channel, samples, reopen);
            return Clip(reader.Info, samples, finding.Words, finding.Warning);
        }
    }

    private static AudioClip Clip(AudioFileInfo info, float[] samples, string channel, string? warning) =>
        new(samples, info.SampleRate)
        {
            Info = info with { Channel = channel, Warnings = warning is null ? info.Warnings : [.. info.Warnings, warning] },
        };

    private static float[] Collect(string path, AudioReader reader, ChannelPick pick, ChannelSurvey? survey)
    {
        var channels = reader.Info.Channels;
        var block = new float[Math.Max(BlockSamples / channels, 1) * channels];
        var samples = new float[reader is PcmReader { TotalFrames: var frames } ? RequireFits(path, frames) : BlockSamples];
        var count = 0;
        for (int read; (read = reader.Read(block)) > 0; count += read)
        {
            if (count + read > samples.Length)
            {
                var needed = RequireFits(path, count + (long)read);
                Array.Resize(ref samples, (int)Math.Min(Array.MaxLength, Math.Max(2L * samples.Length, needed)));
            }

            pick.Extract(block, channels, samples.AsSpan(count, read));
            survey?.Add(block.AsSpan(0, read * channels));
        }

        if (count == 0)
            throw new AudioException(path, "the file holds no sound.");
        Array.Resize(ref samples, count);
        return samples;
    }

    private static int RequireFits(string path, long frames) => frames <= Array.MaxLength ? (int)frames
        : throw new AudioException(path,
            $"the file has {frames} samples, more than the {Array.MaxLength} that can be read at once: split the recording.");

    private static void ReadChannel(AudioReader reader, int channel, float[] samples, Func<AudioReader>? reopen)
    {
        var channels = reader.Info.Channels;
        var block = new float[Math.Max(BlockSamples / channels, 1) * channels];
        var pick = ChannelPick.One(channel);
        using var again = reader is PcmReader ? null : reopen!();
        for (var done = 0; done < samples.Length;)
        {
            var frames = Math.Min(block.Length / channels, samples.Length - done);
            if (reader is PcmReader pcm)
                pcm.ReadAt(done, block.AsSpan(0, frames * channels));
            else if ((frames = again!.Read(block.AsSpan(0, frames * channels))) == 0)
                return;
            pick.Extract(block, channels, samples.AsSpan(done, frames));
            done += frames;
        }
    }
}
