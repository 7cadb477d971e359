using System.Text.Json.Serialization;
using DeviceId.Audio;
using DeviceId.Corpora;
using static System.FormattableString;

namespace DeviceId.Identification;

/// <summary>Ranges of the training recordings' statistics: a model is untested outside them.</summary>
/// <param name="SampleRates">All sampling rates (Hz), ascending.</param>
/// <param name="Seconds">Durations (s).</param>
/// <param name="BandHertz">See <see cref="RecordingStatistics.BandHertz"/>.</param>
/// <param name="TrebleDrop">See <see cref="RecordingStatistics.TrebleDrop"/> (dB).</param>
/// <param name="RmsDecibels">Levels (dB, 0 = full scale); -100 for digital silence.</param>
/// <param name="ClippedShare">Proportions of clipped samples, in [0, 1].</param>
/// <param name="SilentShare">Proportions of silent frames, in [0, 1].</param>
/// <param name="CrestDecibels">See <see cref="RecordingLevels.CrestDecibels"/>.</param>
/// <param name="ContrastDecibels">
/// See <see cref="RecordingLevels.ContrastDecibels"/>, for each device: the level of pauses varies more between devices (and their
/// rooms) than noise can change it.
/// </param>
/// <param name="LossyKinds">Kinds of training files that are lossy or may be.</param>
internal sealed record TrainingStatistics(
    IReadOnlyList<int> SampleRates, ValueRange Seconds, ValueRange BandHertz, ValueRange TrebleDrop, ValueRange RmsDecibels,
    ValueRange ClippedShare, ValueRange SilentShare, ValueRange CrestDecibels, IReadOnlyDictionary<string, ValueRange> ContrastDecibels,
    IReadOnlyList<string> LossyKinds)
{
    private const double BandMargin = 0.05;
    private const double DropMargin = 3;
    private const double LevelMargin = 6;
    private const double ClippingMargin = 0.001;
    private const double SilenceMargin = 0.2;
    private const double MinLengthRatio = 0.5;
    private const double CrestMargin = 3;

    // No 16-bit signal is quieter. Digital silence has minus infinity, which cannot be compared or stored in a model file.
    private const double MinLevel = -100;

    // Measured on the public recordings: 0.6 % of held-out recordings, and 93 % of those with white noise at 10 dB, fall below the range by
    // more than this margin.
    private const double ContrastMargin = 5;

    /// <summary>Summarises the training recordings.</summary>
    /// <param name="recordings">Device and statistics of each recording; at least one.</param>
    public static TrainingStatistics Summarise(IReadOnlyCollection<(string Device, RecordingStatistics Statistics)> recordings)
    {
        ValueRange Range(Func<RecordingStatistics, double> value) => ValueRange.Over(recordings.Select(r => value(r.Statistics)));
        return new TrainingStatistics(
            [.. recordings.Select(r => r.Statistics.SampleRate).Distinct().Order()],
            Range(r => r.Seconds), Range(r => r.BandHertz), Range(r => r.TrebleDrop),
            Range(r => Math.Max(r.Levels.RmsDecibels, MinLevel)),
            Range(r => r.Levels.ClippedFraction), Range(r => r.Levels.SilentFraction), Range(r => r.Levels.CrestDecibels),
            recordings.GroupBy(r => r.Device).OrderBy(g => g.Key, StringComparer.Ordinal)
                .ToDictionary(g => g.Key, g => ValueRange.Over(g.Select(r => r.Statistics.Levels.ContrastDecibels))),
            [.. recordings.Select(r => r.Statistics.LossyKind).OfType<string>().Distinct().Order(StringComparer.Ordinal)]);
    }

    /// <summary>Differences of a questioned recording from the training recordings; empty if there are none.</summary>
    /// <param name="questioned">Statistics of the questioned recording.</param>
    /// <param name="device">The most probable device, whose recordings' pauses are compared.</param>
    public IEnumerable<DomainDifference> Differences(RecordingStatistics questioned, string device) =>
        [.. FormatDifferences(questioned), .. BandDifferences(questioned), .. LevelDifferences(questioned.Levels, device)];

    private IEnumerable<DomainDifference> FormatDifferences(RecordingStatistics questioned)
    {
        if (!SampleRates.Contains(questioned.SampleRate))
            yield return new("rate", Invariant($"Its sampling rate is {questioned.SampleRate} Hz; the model was trained on ")
                + Invariant($"{string.Join(", ", SampleRates)} Hz."));
        if (questioned.LossyKind is { } kind && !LossyKinds.Contains(kind))
            yield return new("format", $"It is {kind}: a lossy codec {(FileKind.IsSurelyLossy(kind) ? "has" : "may have")} removed "
                + "what is hard to hear. No training recording is of that kind.");
        if (questioned.Seconds < MinLengthRatio * Seconds.Min)
            yield return new("length",
                Invariant($"It lasts {questioned.Seconds:0.0} s; the shortest training recording lasts {Seconds.Min:0.0} s."));
    }

    private IEnumerable<DomainDifference> BandDifferences(RecordingStatistics questioned)
    {
        var (reach, min, max) = (questioned.BandHertz / 1000, BandHertz.Min / 1000, BandHertz.Max / 1000);
        if (questioned.BandHertz < BandHertz.Min * (1 - BandMargin))
            yield return new("band",
                Invariant($"It contains nothing above {reach:0.0} kHz; every training recording reaches at least {min:0.0} kHz. ")
                + "It may have passed through a codec, a telephone line, or another sampling rate.");
        else if (questioned.BandHertz > BandHertz.Max * (1 + BandMargin))
            yield return new("band", Invariant($"It reaches {reach:0.0} kHz; no training recording reaches beyond {max:0.0} kHz."));
        if (TrebleDrop.Excludes(questioned.TrebleDrop, DropMargin))
            yield return new("treble",
                Invariant($"In its quietest moments its treble falls {questioned.TrebleDrop:0} dB below the median; in the training ")
                + Invariant($"recordings {TrebleDrop.Min:0} to {TrebleDrop.Max:0} dB. The reason may be a codec or a noise gate."));
    }

    private IEnumerable<DomainDifference> LevelDifferences(RecordingLevels questioned, string device)
    {
        if (RmsDecibels.Excludes(questioned.RmsDecibels, LevelMargin))
            yield return new("level", Invariant($"Its level is {questioned.RmsDecibels:0} dB; the training recordings have ")
                + Invariant($"{RmsDecibels.Min:0} to {RmsDecibels.Max:0} dB."));
        if (questioned.ClippedFraction > ClippedShare.Max + ClippingMargin)
            yield return new("clipping", Invariant($"{100 * questioned.ClippedFraction:0.0} % of its samples are clipped; in the training ")
                + Invariant($"recordings at most {100 * ClippedShare.Max:0.0} %."));
        if (questioned.SilentFraction > SilentShare.Max + SilenceMargin)
            yield return new("silence", Invariant($"{100 * questioned.SilentFraction:0} % of it is silent; of the training recordings at ")
                + Invariant($"most {100 * SilentShare.Max:0} %."));
        if (questioned.CrestDecibels < CrestDecibels.Min - CrestMargin)
            yield return new("crest", Invariant($"Its peak is {questioned.CrestDecibels:0} dB above its level; in the training ")
                + Invariant($"recordings at least {CrestDecibels.Min:0} dB. It may have been clipped and made quieter, or compressed."));
        // Tested in one direction only: pauses that are quieter than usual mean a better recording, or a gate, which the treble shows.
        if (ContrastDecibels.TryGetValue(device, out var usual) && questioned.ContrastDecibels < usual.Min - ContrastMargin)
            yield return new("pauses",
                Invariant($"Its quiet moments are {questioned.ContrastDecibels:0} dB below its loud ones; in the recordings of {device} ")
                + Invariant($"{usual.Min:0} to {usual.Max:0} dB. Noise or a room may fill its pauses."));
    }
}

// JsonPropertyName: model files keep the properties' older names.
/// <summary>Range of one statistic over the training recordings.</summary>
/// <param name="Min">The smallest value.</param>
/// <param name="Max">The largest value.</param>
internal readonly record struct ValueRange(
    [property: JsonPropertyName("least")] double Min, [property: JsonPropertyName("greatest")] double Max)
{
    /// <summary>The range of at least one value.</summary>
    public static ValueRange Over(IEnumerable<double> values)
    {
        var all = values.ToList();
        return new ValueRange(all.Min(), all.Max());
    }

    /// <summary>Whether a value lies outside the range by more than a margin; true for NaN.</summary>
    /// <param name="value">The value.</param>
    /// <param name="margin">The margin, at least 0.</param>
    public bool Excludes(double value, double margin) => !(value >= Min - margin && value <= Max + margin);
}

/// <summary>A difference of a questioned recording from a model's training domain.</summary>
/// <param name="Aspect">
/// What differs, in a word: rate, format, length, band, treble, level, clipping, silence, crest, pauses, spectrum.
/// </param>
/// <param name="Sentence">The difference in a sentence.</param>
internal readonly record struct DomainDifference(string Aspect, string Sentence);
