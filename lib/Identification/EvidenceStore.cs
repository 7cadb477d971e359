using System.Text.Json;
using DeviceId.Corpora;
using DeviceId.Degradations;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Identification;

/// <summary>Results of <see cref="PhoneModelStudy"/> and <see cref="WarningStudy"/> as files, found again instead of computed again.</summary>
/// <param name="folder">Where results are written; made when missing.</param>
/// <param name="further">Folders that are only read, such as the results that come with the repository.</param>
public sealed class EvidenceStore(string folder, params string[] further)
{
    /// <summary>Where results lie beside those of trials: <c>studies</c>.</summary>
    public const string Folder = "studies";

    /// <summary>The result for a corpus and settings; where there is none that can be read, it is computed and kept.</summary>
    /// <param name="corpus">The recordings.</param>
    /// <param name="options">How models are trained.</param>
    /// <param name="sentences">How many sentences are left out in turn; 0 for all.</param>
    /// <param name="cacheFolder">Where features are kept.</param>
    /// <param name="device">Where the arithmetic runs.</param>
    /// <param name="progress">Told after each model.</param>
    /// <exception cref="CorpusException">There are too few sentences or devices.</exception>
    public PhoneModelEvidence FindOrStudy(Corpus corpus, PhoneModelOptions options, int sentences, string cacheFolder, Device device, IProgress<WorkProgress>? progress = null) =>
        Find(Key(corpus, options, sentences), _ => true, () => PhoneModelStudy.Run(corpus, options, cacheFolder, device, sentences, progress));

    /// <summary>The same for the study of warnings.</summary>
    /// <param name="corpus">The recordings.</param>
    /// <param name="options">How models are trained.</param>
    /// <param name="degradations">What is done to the recordings.</param>
    /// <param name="sentences">How many sentences are left out in turn; 0 for all.</param>
    /// <param name="cacheFolder">Where features are kept.</param>
    /// <param name="device">Where the arithmetic runs.</param>
    /// <param name="progress">Told after each degradation.</param>
    /// <exception cref="CorpusException">There are too few sentences.</exception>
    public WarningEvidence FindOrStudyWarnings(Corpus corpus, PhoneModelOptions options, IReadOnlyList<Degradation> degradations, int sentences, string cacheFolder, Device device, IProgress<WorkProgress>? progress = null)
    {
        // What the machine cannot do is no part of the name: a result made on a better one is found, a lesser one does not suffice.
        var key = ContentHash.OfText($"warnings {WarningStudy.Version}\n{Key(corpus, options, sentences)}\n{string.Join('\n', degradations.Select(d => d.Identity))}")[..32];
        return Find(key, found => degradations.All(d => d.WhyUnavailable() is not null || found.Rows.Any(row => row.Label == d.Label)), () => WarningStudy.Run(corpus, options, degradations, cacheFolder, device, sentences, progress));
    }

    /// <summary>A result's name: a hash of all that determines it.</summary>
    public static string Key(Corpus corpus, PhoneModelOptions options, int sentences) =>
        ContentHash.OfText($"{PhoneModelStudy.Version}\n{corpus.Fingerprint}\n{sentences}\n{Json.WriteCompact(options)}")[..32];

    private T Find<T>(string key, Func<T, bool> suffices, Func<T> study)
        where T : class
    {
        if (further.Prepend(folder).Select(place => Read<T>(Path.Combine(place, key + ".json"))).FirstOrDefault(found => found is not null && suffices(found)) is { } found)
            return found;
        var computed = study();
        AtomicFile.WriteText(Path.Combine(folder, key + ".json"), Json.WriteCompact(computed) + "\n");
        return computed;
    }

    private static T? Read<T>(string path)
        where T : class
    {
        try
        {
            return File.Exists(path) ? Json.Read<T>(File.ReadAllText(path)) : null;
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            // Computed anew, as a damaged trial is.
            return null;
        }
    }
}
