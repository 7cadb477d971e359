using System.Globalization;
using System.Text.Json.Serialization;
using DeviceId.Audio;

namespace DeviceId.Identification;

/// <summary>What the recordings were like that a model was trained on: outside of it nothing was tested.</summary>
/// <param name="SampleRates">All rates (Hz), ascending.</param>
/// <param name="Seconds">Lengths (s).</param>
/// <param name="BandHertz">See <see cref="RecordingStatistics.BandHertz"/>.</param>
/// <param name="TrebleDrop">See <see cref="RecordingStatistics.TrebleDrop"/> (dB).</param>
/// <param name="RmsDecibels">Levels (dB, 0 = full scale); -100 for digital silence.</param>
/// <param name="ClippedShare">Shares of clipped samples.</param>
/// <param name="SilentShare">Shares of silent pieces.</param>
/// <param name="CrestDecibels">See <see cref="Corpora.RecordingLevels.CrestDecibels"/>.</param>
/// <param name="ContrastDecibels">
/// See <see cref="Corpora.RecordingLevels.ContrastDecibels"/>, of each device: how quiet pauses are differs more between devices (and where
/// they stood) than noise can change it.
/// </param>
/// <param name="LossyKinds">The kinds of files among them that are lossy or may be.</param>
internal sealed record TrainingStatistics(
    IReadOnlyList<int> SampleRates, ValueRange Seconds, ValueRange BandHertz, ValueRange TrebleDrop, ValueRange RmsDecibels,
        ValueRange ClippedShare, ValueRange SilentShare,
    ValueRange CrestDecibels, IReadOnlyDictionary<string, ValueRange> ContrastDecibels, IReadOnlyList<string> LossyKinds)
{
    private const double BandMargin = 0.05;
    private const double DropMargin = 3;
    private const double LevelMargin = 6;
    private const double ShareMargin = 0.001;
    private const double SilenceMargin = 0.2;
    private const double ShortestShare = 0.5;
    private const double CrestMargin = 3;

    // Nothing in 16 bits is quieter. Digital silence has minus infinity, which is no level to compare with, and no model file can hold it.
    private const double MinLevel = -100;

    // Measured on the public recordings: of held-out ones 0.6 % have less contrast by more than this, of those with white noise at 10 dB 93
    // %.
    private const double ContrastMargin = 5;

    /// <summary>Sums up the training recordings.</summary>
    /// <param name="recordings">One at least, each with its device.</param>
    public static TrainingStatistics Summarise(IReadOnlyCollection<(string Device, RecordingStatistics Traits)> recordings)
    {
        ValueRange Range(Func<RecordingStatistics, double> trait) => ValueRange.Over(recordings.Select(r => trait(r.Traits)));
        return new TrainingStatistics(
            [.. recordings.Select(r => r.Traits.SampleRate).Distinct().Order()], Range(r => r.Seconds), Range(r => r.BandHertz),
                Range(r => r.TrebleDrop),
            Range(r => Math.Max(r.Levels.RmsDecibels, MinLevel)), Range(r => r.Levels.ClippedShare), Range(r => r.Levels.SilentShare),
                Range(r => r.Levels.CrestDecibels),
            recordings.GroupBy(r => r.Device).OrderBy(g => g.Key, StringComparer.Ordinal)
                .ToDictionary(g => g.Key, g => ValueRange.Over(g.Select(r => r.Traits.Levels.ContrastDecibels))),
            [.. recordings.Select(r => r.Traits.LossyKind).OfType<string>().Distinct().Order(StringComparer.Ordinal)]);
    }

    /// <summary>Where a questioned recording lies outside of this; empty where it does not.</summary>
    /// <param name="q">What the recording is like.</param>
    /// <param name="device">The device that is the likeliest to have made it: its recordings' pauses are compared.</param>
    public IEnumerable<DomainDifference> Differences(RecordingStatistics q, string device)
    {
        static DomainDifference Say(string trait, FormattableString text) => new(trait, text.ToString(CultureInfo.InvariantCulture));
        if (!SampleRates.Contains(q.SampleRate))
            yield return Say("rate", $"Its sampling rate is {q.SampleRate} Hz; the model was trained on {string.Join(", ", SampleRates)} Hz.");
        if (q.LossyKind is { } kind && !LossyKinds.Contains(kind))
            yield return Say("format", $"It is {kind}: a lossy codec {(FileKind.IsSurelyLossy(kind) ? "has" : "may have")} left out what is hard to hear. No training recording is of that kind.");
        if (q.Seconds < ShortestShare * Seconds.Min)
            yield return Say("length", $"It lasts {q.Seconds:0.0} s; the shortest training recording lasts {Seconds.Min:0.0} s.");
        if (q.BandHertz < BandHertz.Min * (1 - BandMargin))
            yield return Say("band", $"It holds nothing above {q.BandHertz / 1000:0.0} kHz, where every training recording reaches {BandHertz.Min / 1000:0.0} kHz at least: it may have passed through a codec, a telephone line, or another sampling rate.");
        else if (q.BandHertz > BandHertz.Max * (1 + BandMargin))
            yield return Say("band", $"It reaches up to {q.BandHertz / 1000:0.0} kHz, where no training recording reaches beyond {BandHertz.Max / 1000:0.0} kHz.");
        if (TrebleDrop.Excludes(q.TrebleDrop, DropMargin))
            yield return Say("treble", $"Its treble falls {q.TrebleDrop:0} dB below the usual in its quietest moments, that of the training recordings {TrebleDrop.Min:0} to {TrebleDrop.Max:0} dB: a codec or a noise gate may have been at work.");
        if (RmsDecibels.Excludes(q.Levels.RmsDecibels, LevelMargin))
            yield return Say("level", $"Its level is {q.Levels.RmsDecibels:0} dB; that of the training recordings is {RmsDecibels.Min:0} to {RmsDecibels.Max:0} dB.");
        if (q.Levels.ClippedShare > ClippedShare.Max + ShareMargin)
            yield return Say("clipping", $"{100 * q.Levels.ClippedShare:0.0} % of its samples are clipped; of the training recordings it is {100 * ClippedShare.Max:0.0} % at most.");
        if (q.Levels.SilentShare > SilentShare.Max + SilenceMargin)
            yield return Say("silence", $"{100 * q.Levels.SilentShare:0} % of it is silent; of the training recordings it is {100 * SilentShare.Max:0} % at most.");
        if (q.Levels.CrestDecibels < CrestDecibels.Min - CrestMargin)
            yield return Say("crest", $"Its greatest sample lies {q.Levels.CrestDecibels:0} dB above its level; of the training recordings it is {CrestDecibels.Min:0} dB at least: it may have been clipped and made quieter, or compressed.");
        // One direction alone: quieter pauses than usual are a better recording, or a gate, which the treble shows.
        if (ContrastDecibels.TryGetValue(device, out var usual) && q.Levels.ContrastDecibels < usual.Min - ContrastMargin)
            yield return Say("pauses", $"Its quiet moments lie {q.Levels.ContrastDecibels:0} dB below its loud ones, those of the recordings of {device} {usual.Min:0} to {usual.Max:0} dB: noise or a room may fill its pauses.");
    }
}

/// <summary>What the training recordings were like in one respect.</summary>
/// <param name="Min">The smallest value.</param>
/// <param name="Max">The greatest value.</param>
internal readonly record struct ValueRange(
    [property: JsonPropertyName("least")] double Min, [property: JsonPropertyName("greatest")] double Max)
{
    /// <summary>The range of some values; one at least.</summary>
    public static ValueRange Over(IEnumerable<double> values)
    {
        var all = values.ToList();
        return new ValueRange(all.Min(), all.Max());
    }

    /// <summary>Whether a value lies outside by more than a margin.</summary>
    /// <param name="value">The value.</param>
    /// <param name="margin">At least 0.</param>
    public bool Excludes(double value, double margin) => !(value >= Min - margin && value <= Max + margin);
}

/// <summary>One respect in which a questioned recording lies outside of what a model was tested on.</summary>
/// <param name="Aspect">
/// The respect in a word: rate, format, length, band, treble, level, clipping, silence, crest, pauses, spectrum.
/// </param>
/// <param name="Sentence">What differs, and from what.</param>
internal readonly record struct DomainDifference(string Aspect, string Sentence);
