using DeviceId.Audio;
using DeviceId.Foundation;

namespace DeviceId.Identification;

/// <summary>A recording of which nobody knows the device, and all that a model says of it.</summary>
public sealed record QuestionedRecording
{
    private const int MaxSegments = 6;

    internal QuestionedRecording(
        string path, string hash, RecordingStatistics traits, IReadOnlyList<double> spectrum, Identification identification,
        IReadOnlyList<DomainDifference> differences, IReadOnlyList<string> warnings) =>
        (Path, Hash, Traits, Spectrum, Identification, Differences, Warnings) = (path, hash, traits, spectrum, identification, differences,
            warnings);

    /// <summary>Full path of the file.</summary>
    public string Path { get; init; }

    /// <summary>SHA-256 of the file.</summary>
    public string Hash { get; init; }

    /// <summary>What it is like.</summary>
    internal RecordingStatistics Traits { get; init; }

    /// <summary>See <see cref="PhoneModel.Spectrum"/>.</summary>
    public IReadOnlyList<double> Spectrum { get; init; }

    /// <summary>The answer.</summary>
    public Identification Identification { get; init; }

    /// <summary>In what it lies outside of what the model was tested on; empty where it does not.</summary>
    internal IReadOnlyList<DomainDifference> Differences { get; init; }

    /// <summary>
    /// What speaks against relying on the answer, in sentences, those about the differences among them; empty where nothing does.
    /// </summary>
    public IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Asks a model about a file.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">Any format that <see cref="AudioFile"/> reads, any sampling rate.</param>
    /// <exception cref="AudioException">The file cannot be read, or is too short to say anything of it.</exception>
    public static QuestionedRecording Identify(PhoneModel model, string path)
    {
        var clip = AudioFile.Read(path);
        try
        {
            var identification = model.Identify(clip);
            var (traits, spectrum) = (RecordingStatistics.Measure(path, clip), model.Spectrum(clip));
            var differences = new TrainingDomain(model.Facts.Statistics, model.Scorer, model.SimilarityCalibration)
                .Differences(traits, spectrum, identification.Candidates[0].Device);
            return new QuestionedRecording(
                System.IO.Path.GetFullPath(path), ContentHash.HashFile(path), traits, spectrum, identification, differences,
                    [.. Untested(differences), .. Contradictions(model, identification)]);
        }
        catch (ArgumentException error)
        {
            throw new AudioException(path, error.Message);
        }
    }

    /// <summary>Where each device is heard, such as "0.0 to 4.8 s A, 4.8 to 10.9 s B"; the first few of many.</summary>
    internal static string DescribeSegments(IReadOnlyList<SplicedSegment> pieces) =>
        string.Join(", ", pieces.Take(MaxSegments).Select(p => FormattableString.Invariant($"{p.From:0.0} to {p.To:0.0} s {p.Device}")))
            + (pieces.Count > MaxSegments ? $", and {pieces.Count - MaxSegments} more" : "");

    private static IEnumerable<string> Untested(IReadOnlyList<DomainDifference> differences) =>
        differences.Count == 0 ? [] : differences.Select(d => d.Sentence)
        .Prepend($"This recording lies outside of what the model was tested on ({string.Join(", ", differences.Select(d => d.Aspect))}): how often answers about such recordings are right is not known.");

    private static IEnumerable<string> Contradictions(PhoneModel model, Identification said)
    {
        if (said.SplicedSegments.Count > 1)
            yield return $"Its parts look like recordings of different devices ({DescribeSegments(said.SplicedSegments)}): it may have been put together from several, or made by a device that the model does not know. The probabilities are those of one known device having made all of it.";
        if (said.Comparisons.Count > 0 && said.Comparisons.MaxBy(c => c.Similarity).Device is var alike
            && alike != said.Candidates[0].Device)
            yield return $"The network names {said.Candidates[0].Device}, but by its spectrum the recording is most like those of {alike}.";
        if (said.FalseAlarms is null)
            yield return $"The model knows {model.Facts.Devices.Count} devices with few recordings, too few to tell how an unknown one would look: 'none of these' is never its answer, and it gives no likelihood ratio.";
        if (model.Facts.IsSimulated)
            yield return "The model was trained on simulated recordings: it knows no real device.";
    }
}
