using DeviceId.Corpora;
using DeviceId.Degradations;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Identification;

/// <summary>
/// Results of <see cref="PhoneModelStudy"/> and <see cref="WarningStudy"/> as files, found again instead of computed again.
/// </summary>
/// <param name="folder">Where results are written; made when missing.</param>
/// <param name="further">Folders that are only read, such as the results that come with the repository.</param>
public sealed class EvidenceStore(string folder, params string[] further)
{
    private readonly List<string> _damaged = [];
    private readonly List<string> _found = [];

    /// <summary>Results that were there and could not be used, each with the reason.</summary>
    public IReadOnlyList<string> Damaged => _damaged;

    /// <summary>Files of results that were found instead of computed.</summary>
    public IReadOnlyList<string> Found => _found;

    /// <summary>Where results lie beside those of trials: <c>studies</c>.</summary>
    public const string Folder = "studies";

    /// <summary>The result for a corpus and settings; where there is none that can be read, it is computed and kept.</summary>
    /// <param name="corpus">The recordings.</param>
    /// <param name="options">How models are trained.</param>
    /// <param name="sentences">How many sentences are left out in turn; 0 for all.</param>
    /// <param name="cacheFolder">Where features are kept.</param>
    /// <param name="device">Where the arithmetic runs.</param>
    /// <param name="progress">Told after each model.</param>
    /// <exception cref="CorpusException">There are too few sentences or devices, or recordings that cannot be asked about.</exception>
    public PhoneModelEvidence FindOrStudy(Corpus corpus, PhoneModelOptions options, int sentences, string cacheFolder, Device device,
        IProgress<WorkProgress>? progress = null) =>
        FindOr(
            Key(corpus, options, sentences), corpus, options, _ => true,
            () => PhoneModelStudy.Run(corpus, options, cacheFolder, device, sentences, progress));

    /// <summary>The same for the study of warnings.</summary>
    /// <param name="corpus">The recordings.</param>
    /// <param name="options">How models are trained.</param>
    /// <param name="degradations">What is done to the recordings.</param>
    /// <param name="sentences">How many sentences are left out in turn; 0 for all.</param>
    /// <param name="cacheFolder">Where features are kept.</param>
    /// <param name="device">Where the arithmetic runs.</param>
    /// <param name="progress">Told after each degradation.</param>
    /// <exception cref="CorpusException">There are too few sentences.</exception>
    public WarningEvidence FindOrStudyWarnings(Corpus corpus, PhoneModelOptions options, IReadOnlyList<Degradation> degradations,
        int sentences, string cacheFolder, Device device, IProgress<WorkProgress>? progress = null)
    {
        // What the machine cannot do is no part of the name: a result made on a better one is found, a lesser one does not suffice.
        var key = ContentHash.HashText(
            $"warnings {WarningStudy.Version}\n{Key(corpus, options, sentences, WarningStudy.AskedVersion)}\n{string.Join('\n', degradations.Select(d => d.Identity))}")[..32];
        return FindOr<WarningEvidence>(
            key, corpus, options,
            found => degradations.All(d => d.WhyUnavailable() is not null || found.Rows.Any(row => row.Label == d.Label)),
            () => WarningStudy.Run(corpus, options, degradations, cacheFolder, device, sentences, progress));
    }

    /// <summary>A result's name: a hash of all that determines it.</summary>
    public static string Key(Corpus corpus, PhoneModelOptions options, int sentences) =>
        Key(corpus, options, sentences, PhoneModelStudy.Version);

    private static string Key(Corpus corpus, PhoneModelOptions options, int sentences, int version) =>
        ContentHash.HashText($"{version}\n{corpus.Fingerprint}\n{sentences}\n{Json.WriteKey(options)}")[..32];

    private T FindOr<T>(string key, Corpus corpus, PhoneModelOptions options, Func<T, bool> suffices, Func<T> study)
        where T : class, IEvidence
    {
        if (Find(key, corpus.Fingerprint, options, suffices) is { } found)
            return found;
        var computed = study();
        AtomicFile.WriteText(Path.Combine(folder, key + ".json"), Json.WriteCompact(computed) + "\n");
        return computed;
    }

    /// <summary>A result, or null when there is none that can be used.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="fingerprint">Of the recordings that it must be of.</param>
    /// <param name="options">The settings that it must have been computed with.</param>
    /// <param name="suffices">Whether a result that is there will do.</param>
    internal T? Find<T>(string key, string fingerprint, PhoneModelOptions options, Func<T, bool> suffices)
        where T : class, IEvidence
    {
        foreach (var path in further.Prepend(folder).Select(place => Path.Combine(place, key + ".json")))
        {
            if (Read<T>(path, fingerprint, options) is not { } result || !suffices(result))
                continue;
            _found.Add(path);
            return result;
        }

        return null;
    }

    private T? Read<T>(string path, string fingerprint, PhoneModelOptions options)
        where T : class, IEvidence => StoredResult.Read<T>(
            path,
            result => result.Fingerprint != fingerprint ? "it is of other recordings"
                : Json.WriteKey(result.Options) != Json.WriteKey(options) ? "its settings are not those that are asked for"
                : result.Problems().FirstOrDefault(),
            _damaged);
}
