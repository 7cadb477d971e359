using static System.FormattableString;

namespace DeviceId.Audio;

/// <summary>Finds the channel with speech among several.</summary>
/// <remarks>
/// Power is measured in windows of 20 ms, without its direct component. A channel's level is the 90th percentile of the windows' power;
/// its contrast is the distance to the 10th percentile, at most 30 dB: speech has pauses, a hum or hiss has none. A channel is adequate if
/// its level is above -75 dB (full scale = 0 dB) and within 20 dB of the best, and its contrast within 10 dB of the best. The first
/// adequate channel is taken: the left one in ordinary stereo. If there is none, the channel above -75 dB with the best contrast is taken,
/// and if all are below, the first that is not constant.
/// </remarks>
internal sealed class ChannelSurvey
{
    private const double WindowSeconds = 0.02;
    private const double FloorDb = -75;
    private const double PowerFloorDb = -120;
    private const double LevelMarginDb = 20;
    private const double ContrastMarginDb = 10;
    private const double MaxContrastDb = 30;
    private const double SpeechContrastDb = 12;
    private const double SameSound = 0.5;

    private readonly int _windowFrames;
    private readonly Channel[] _channels;
    private int _frames;

    /// <param name="channels">Number of channels.</param>
    /// <param name="sampleRate">Samples per second (Hz).</param>
    public ChannelSurvey(int channels, int sampleRate)
    {
        _windowFrames = Math.Max(1, (int)Math.Round(sampleRate * WindowSeconds));
        _channels = [.. Enumerable.Range(0, channels).Select(_ => new Channel())];
    }

    /// <summary>Adds the next sample frames.</summary>
    /// <param name="interleaved">Whole frames, channels interleaved.</param>
    public void Add(ReadOnlySpan<float> interleaved)
    {
        var count = _channels.Length;
        for (var first = 0; first < interleaved.Length;)
        {
            var frames = Math.Min(_windowFrames - _frames, (interleaved.Length - first) / count);
            for (var channel = 0; channel < count; channel++)
                _channels[channel].Add(interleaved.Slice(first, frames * count), channel, count);
            first += frames * count;
            _frames += frames;
            if (_frames == _windowFrames)
                EndWindow();
        }
    }

    /// <summary>Chooses the channel after the last block.</summary>
    public ChannelFinding Choose()
    {
        if (_frames > _windowFrames / 2 || (_frames > 0 && _channels[0].Windows.Count == 0))
            EndWindow();
        foreach (var channel in _channels)
            channel.Measure();
        var taken = Take();
        return new ChannelFinding(taken, Describe(taken), Warning(taken));
    }

    private void EndWindow()
    {
        foreach (var channel in _channels)
            channel.EndWindow(_frames);
        _frames = 0;
    }

    private int Take()
    {
        var (level, contrast) = (_channels.Max(c => c.Level), BestContrast);
        var adequate = Array.FindIndex(_channels, c => WhyNot(c, level, contrast) is null);
        if (adequate >= 0)
            return adequate;
        var best = Array.FindIndex(_channels, c => c.Level > FloorDb && c.Contrast.Equals(contrast));
        return best >= 0 ? best : Math.Max(0, Array.FindIndex(_channels, c => !c.IsConstant));
    }

    private double BestContrast => _channels.Where(c => c.Level > FloorDb).Select(c => c.Contrast).DefaultIfEmpty(0).Max();

    private static string? WhyNot(Channel channel, double level, double contrast)
    {
        if (channel.IsConstant)
            return "is silent: all its samples are equal";
        if (channel.Level <= FloorDb)
            return Invariant($"holds nothing above {FloorDb:0} dB");
        if (channel.Level < level - LevelMarginDb)
            return Invariant($"is {level - channel.Level:0} dB weaker than the strongest");
        return channel.Contrast < contrast - ContrastMarginDb
            ? Invariant($"is steady, {channel.Contrast:0} dB between loud and quiet against {contrast:0} dB") : null;
    }

    private string Describe(int taken)
    {
        if (_channels.Length == 1)
            return "";
        var (level, contrast) = (_channels.Max(c => c.Level), BestContrast);
        var reasons = _channels.Take(taken).Select((c, i) => (Number: i + 1, Reason: WhyNot(c, level, contrast)))
            .Where(c => c.Reason is not null).Select(c => $"channel {c.Number} {c.Reason}").ToList();
        var why = reasons.Count == 0 ? "" : $" ({string.Join("; ", reasons)})";
        return $"channel {taken + 1} of {_channels.Length}{why}";
    }

    private string? Warning(int taken)
    {
        if (!IsSpeech(_channels[taken]))
            return null;
        for (var i = 0; i < _channels.Length; i++)
        {
            if (i != taken && IsSpeech(_channels[i]) && Correlation(_channels[taken].Windows, _channels[i].Windows) < SameSound)
                return $"Channels {Math.Min(i, taken) + 1} and {Math.Max(i, taken) + 1} hold different sounds, such as two speakers or two "
                    + $"devices; channel {taken + 1} was taken. '--channel each' answers about each.";
        }

        return null;
    }

    private static bool IsSpeech(Channel channel) => channel.Level > FloorDb && channel.Contrast >= SpeechContrastDb;

    /// <summary>Pearson correlation of two series of levels, levels below the floor raised to it.</summary>
    private static double Correlation(List<float> a, List<float> b)
    {
        double sumA = 0, sumB = 0, sumAA = 0, sumBB = 0, sumAB = 0;
        for (var i = 0; i < a.Count; i++)
        {
            double x = Math.Max(a[i], FloorDb), y = Math.Max(b[i], FloorDb);
            (sumA, sumB, sumAA, sumBB, sumAB) = (sumA + x, sumB + y, sumAA + (x * x), sumBB + (y * y), sumAB + (x * y));
        }

        var variances = (sumAA - (sumA * sumA / a.Count)) * (sumBB - (sumB * sumB / a.Count));
        return variances > 0 ? (sumAB - (sumA * sumB / a.Count)) / Math.Sqrt(variances) : 1;
    }

    /// <summary>Measures of one channel.</summary>
    private sealed class Channel
    {
        private double _sum;
        private double _energy;
        private float? _value;

        public List<float> Windows { get; } = [];

        public bool IsConstant { get; private set; } = true;

        public double Level { get; private set; }

        public double Contrast { get; private set; }

        public void Add(ReadOnlySpan<float> interleaved, int channel, int channels)
        {
            if (interleaved.IsEmpty)
                return;
            double value = _value ??= interleaved[channel];
            var constant = IsConstant;
            // Two sums each: with one, each addition would wait for the one before it.
            double sum = 0, energy = 0, otherSum = 0, otherEnergy = 0;
            for (var i = channel; i < interleaved.Length; i += 2 * channels)
            {
                double sample = interleaved[i], other = i + channels < interleaved.Length ? interleaved[i + channels] : 0;
                constant &= sample == value && (other == value || i + channels >= interleaved.Length);
                (sum, energy) = (sum + sample, energy + (sample * sample));
                (otherSum, otherEnergy) = (otherSum + other, otherEnergy + (other * other));
            }

            (_sum, _energy, IsConstant) = (_sum + sum + otherSum, _energy + energy + otherEnergy, constant);
        }

        public void EndWindow(int frames)
        {
            var mean = _sum / frames;
            var power = Math.Max(0, (_energy / frames) - (mean * mean));
            Windows.Add((float)Math.Max(PowerFloorDb, 10 * Math.Log10(power)));
            (_sum, _energy) = (0, 0);
        }

        public void Measure()
        {
            var sorted = Windows.ToArray();
            Array.Sort(sorted);
            Level = sorted.Length == 0 ? PowerFloorDb : sorted[(int)(0.9 * (sorted.Length - 1))];
            Contrast = sorted.Length == 0 ? 0 : Math.Min(Level - sorted[(int)(0.1 * (sorted.Length - 1))], MaxContrastDb);
        }
    }
}

/// <summary>What a <see cref="ChannelSurvey"/> found.</summary>
/// <param name="Channel">Index of the channel that was taken, from 0.</param>
/// <param name="Words">Which channel was taken and why, for <see cref="AudioFileInfo.Channel"/>; "" for a single channel.</param>
/// <param name="Warning">A sentence if two channels hold different sounds; otherwise null.</param>
internal sealed record ChannelFinding(int Channel, string Words, string? Warning);
