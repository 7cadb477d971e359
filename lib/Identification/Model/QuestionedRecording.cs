using DeviceId.Audio;
using DeviceId.Foundation;

namespace DeviceId.Identification;

/// <summary>A questioned recording, whose device is not known, with a model's complete answer.</summary>
public sealed record QuestionedRecording
{
    private const int MaxSegments = 6;

    internal QuestionedRecording(
        string path, AudioFileInfo info, RecordingStatistics statistics, IReadOnlyList<double> spectrum, Identification identification,
        IReadOnlyList<DomainDifference> differences, IReadOnlyList<string> warnings)
    {
        (Path, Info, Hash, Statistics, Spectrum) = (path, info, info.Hash, statistics, spectrum);
        (Identification, Differences, Warnings) = (identification, differences, warnings);
    }

    /// <summary>Full path of the file.</summary>
    public string Path { get; init; }

    /// <summary>How the file was read.</summary>
    internal AudioFileInfo Info { get; init; }

    /// <summary>SHA-256 of the file: of the bytes that were decoded.</summary>
    public string Hash { get; init; }

    /// <summary>Statistics of the recording.</summary>
    internal RecordingStatistics Statistics { get; init; }

    /// <summary>See <see cref="PhoneModel.Spectrum"/>.</summary>
    public IReadOnlyList<double> Spectrum { get; init; }

    /// <summary>The model's answer.</summary>
    public Identification Identification { get; init; }

    /// <summary>Differences from the model's training domain; empty for a recording within it.</summary>
    internal IReadOnlyList<DomainDifference> Differences { get; init; }

    /// <summary>
    /// Reasons not to rely on the answer, one sentence each: what was doubtful in the file, then <see cref="Differences"/>, then the
    /// answer; empty if there are no reasons.
    /// </summary>
    public IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Identifies the device that made the recording in a file. Memory does not depend on its length.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">A file in any format that <see cref="AudioFile"/> reads, at any sampling rate.</param>
    /// <exception cref="DeviceIdException">The file cannot be read, is too short, or is silent.</exception>
    public static QuestionedRecording Identify(PhoneModel model, string path) => Identify(model, path, default);

    /// <summary>Identifies the device that made the recording in a file, with a given choice of channel.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The file.</param>
    /// <param name="channel">How several channels are reduced to one.</param>
    /// <exception cref="AudioException">The file cannot be read, is too short, or is silent.</exception>
    internal static QuestionedRecording Identify(PhoneModel model, string path, ChannelChoice channel)
    {
        try
        {
            var (info, statistics, scores) = Measure(model, path, channel);
            var identification = model.Answer(scores);
            var differences = new TrainingDomain(model.Facts.Statistics, model.Scorer, model.SimilarityCalibration)
                .Differences(statistics, scores.Spectrum, identification.Candidates[0].Device);
            return new QuestionedRecording(
                System.IO.Path.GetFullPath(path), info, statistics, scores.Spectrum, identification, differences,
                [.. FileWarnings(info), .. DomainWarnings(differences), .. AnswerWarnings(model, identification)]);
        }
        catch (ArgumentException error)
        {
            throw new AudioException(path, error.Message);
        }
    }

    /// <summary>
    /// Reads the file once; once more at the beginning if a channel must be chosen, and at the end if the scores need it.
    /// </summary>
    private static (AudioFileInfo Info, RecordingStatistics Statistics, RecordingScores Scores) Measure(
        PhoneModel model, string path, ChannelChoice channel)
    {
        var source = MonoReader.Choose(path, channel);
        using var reader = source.Open();
        using var meter = new StatisticsMeter(reader.Info.SampleRate);
        var stream = new IdentificationStream(model, reader.Info.SampleRate, withSpectrum: true);
        reader.ReadAll(samples =>
        {
            meter.Add(samples);
            stream.Push(samples);
        });
        if (!stream.EndPass())
            RepeatPass(source, reader.Info, stream);
        var scores = stream.Finish();
        return (reader.Info, meter.Finish() with { LossyKind = FileKind.Lossy(reader.Info) }, scores);
    }

    private static void RepeatPass(MonoReader.Source source, AudioFileInfo first, IdentificationStream stream)
    {
        using var again = source.Open();
        again.ReadAll(stream.Push);
        if (again.Info.Hash != first.Hash)
            throw new AudioException(source.Path, "the file changed while it was read: wait until it is completely written.");
        stream.EndPass();
    }

    /// <summary>
    /// The devices along the recording, such as "0.0 to 4.8 s A, 4.8 to 10.9 s B"; at most the first <see cref="MaxSegments"/>.
    /// </summary>
    internal static string DescribeSegments(IReadOnlyList<SplicedSegment> segments)
    {
        var first = segments.Take(MaxSegments).Select(s => FormattableString.Invariant($"{s.From:0.0} to {s.To:0.0} s {s.Device}"));
        return string.Join(", ", first) + (segments.Count > MaxSegments ? $", and {segments.Count - MaxSegments} more" : "");
    }

    private static IEnumerable<string> FileWarnings(AudioFileInfo info) =>
        [.. info.Warnings, .. info.Complaints.Select(complaint => $"{info.Decoder} complained of the file: {complaint.TrimEnd('.')}.")];

    private static IEnumerable<string> DomainWarnings(IReadOnlyList<DomainDifference> differences)
    {
        if (differences.Count == 0)
            return [];
        var aspects = string.Join(", ", differences.Select(d => d.Aspect));
        return differences.Select(d => d.Sentence).Prepend($"This recording lies outside the model's training domain ({aspects}): "
            + "it is not known how often answers about such recordings are correct.");
    }

    private static IEnumerable<string> AnswerWarnings(PhoneModel model, Identification answer)
    {
        var first = answer.Candidates[0].Device;
        if (answer.SplicedSegments.Count > 1)
            yield return $"Its parts look like recordings of different devices ({DescribeSegments(answer.SplicedSegments)}): it may be "
                + "spliced from several recordings, or made by a device that the model does not know. "
                + "The probabilities assume that one known device made all of it.";
        if (answer.Comparisons.Count > 0 && answer.Comparisons.MaxBy(c => c.Similarity).Device is var mostSimilar && mostSimilar != first)
            yield return $"The network names {first}, but the recording's spectrum is most similar to those of {mostSimilar}.";
        if (answer.FalseAlarms is null)
            yield return $"The model knows {model.Facts.Devices.Count} devices with few recordings, too few to hold devices out as "
                + "unknown: it never answers 'none of these' and gives no likelihood ratio.";
        if (model.Facts.IsSimulated)
            yield return "The model was trained on simulated recordings: it knows no real device.";
    }
}
