using DeviceId.Corpora;
using DeviceId.Degradations;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Identification;

/// <summary>
/// Stores results of <see cref="PhoneModelStudy"/> and <see cref="WarningStudy"/> in files, so that they are computed only once.
/// </summary>
/// <param name="folder">Folder for new results; created when missing.</param>
/// <param name="further">Read-only folders with more results, such as those that come with the repository.</param>
public sealed class EvidenceStore(string folder, params string[] further)
{
    private readonly List<string> _damaged = [];
    private readonly List<string> _found = [];

    /// <summary>Result files that could not be used, each with the reason.</summary>
    public IReadOnlyList<string> Damaged => _damaged;

    /// <summary>Result files that were read instead of computing the result.</summary>
    public IReadOnlyList<string> Found => _found;

    /// <summary>Name of the folder for study results, beside the results of trials: <c>studies</c>.</summary>
    public const string Folder = "studies";

    /// <summary>Reads the identification study's result for a corpus and settings, or computes and stores it.</summary>
    /// <param name="corpus">The recordings.</param>
    /// <param name="options">Training settings of the models.</param>
    /// <param name="sentences">How many sentences are held out in turn; 0 for all.</param>
    /// <param name="cacheFolder">Folder where features are cached.</param>
    /// <param name="device">Compute device.</param>
    /// <param name="progress">Receives a report after each model.</param>
    /// <exception cref="DeviceIdException">There are too few sentences or devices, or unusable recordings.</exception>
    public PhoneModelEvidence FindOrStudy(Corpus corpus, PhoneModelOptions options, int sentences, string cacheFolder, Device device,
        IProgress<WorkProgress>? progress = null) =>
        FindOrCompute(
            Key(corpus, options, sentences), corpus, options, _ => true,
            () => PhoneModelStudy.Run(corpus, options, cacheFolder, device, sentences, progress));

    /// <summary>Reads the warning study's result for a corpus and settings, or computes and stores it.</summary>
    /// <param name="corpus">The recordings.</param>
    /// <param name="options">Training settings of the models.</param>
    /// <param name="degradations">Degradations of the recordings.</param>
    /// <param name="sentences">How many sentences are held out in turn; 0 for all.</param>
    /// <param name="cacheFolder">Folder where features are cached.</param>
    /// <param name="device">Compute device.</param>
    /// <param name="progress">Receives a report after each degradation.</param>
    /// <exception cref="DeviceIdException">There are too few sentences.</exception>
    public WarningEvidence FindOrStudyWarnings(Corpus corpus, PhoneModelOptions options, IReadOnlyList<Degradation> degradations,
        int sentences, string cacheFolder, Device device, IProgress<WorkProgress>? progress = null)
    {
        // Degradations that this machine cannot make are part of the key: a result from a machine that could make them is used, and one
        // that lacks a degradation which this machine can make is computed again.
        var identities = string.Join('\n', degradations.Select(d => d.Identity));
        var key = ContentHash.HashText(
            $"warnings {WarningStudy.Version}\n{Key(corpus.Fingerprint, options, sentences, WarningStudy.KeyVersion)}\n{identities}")[..32];
        return FindOrCompute<WarningEvidence>(
            key, corpus, options,
            result => degradations.All(d => d.WhyUnavailable() is not null || result.Rows.Any(row => row.Label == d.Label)),
            () => WarningStudy.Run(corpus, options, degradations, cacheFolder, device, sentences, progress));
    }

    /// <summary>Key and file name of a result: a hash of everything that determines it.</summary>
    public static string Key(Corpus corpus, PhoneModelOptions options, int sentences) =>
        Key(corpus.Fingerprint, options, sentences, PhoneModelStudy.Version);

    /// <summary>The stored identification study of recordings that need not be there; null when there is none.</summary>
    /// <param name="fingerprint">Fingerprint of the recordings.</param>
    /// <param name="options">Training settings of the models.</param>
    /// <param name="sentences">How many sentences were held out in turn; 0 for all.</param>
    internal PhoneModelEvidence? FindStudy(string fingerprint, PhoneModelOptions options, int sentences) => Find<PhoneModelEvidence>(
        Key(fingerprint, options, sentences, PhoneModelStudy.Version), fingerprint, options, _ => true);

    private static string Key(string fingerprint, PhoneModelOptions options, int sentences, int version) =>
        ContentHash.HashText($"{version}\n{fingerprint}\n{sentences}\n{Json.WriteKey(options)}")[..32];

    private T FindOrCompute<T>(string key, Corpus corpus, PhoneModelOptions options, Func<T, bool> isComplete, Func<T> compute)
        where T : class, IEvidence
    {
        if (Find(key, corpus.Fingerprint, options, isComplete) is { } stored)
            return stored;
        var computed = compute();
        AtomicFile.WriteText(Path.Combine(folder, key + ".json"), Json.WriteCompact(computed) + "\n");
        return computed;
    }

    /// <summary>Reads a stored result; null when there is no usable one.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="fingerprint">Fingerprint of the recordings that it must belong to.</param>
    /// <param name="options">The settings that it must have been computed with.</param>
    /// <param name="isComplete">Whether a result has everything that is needed.</param>
    internal T? Find<T>(string key, string fingerprint, PhoneModelOptions options, Func<T, bool> isComplete)
        where T : class, IEvidence
    {
        foreach (var path in further.Prepend(folder).Select(source => Path.Combine(source, key + ".json")))
        {
            if (Read<T>(path, fingerprint, options) is not { } result || !isComplete(result))
                continue;
            _found.Add(path);
            return result;
        }

        return null;
    }

    private T? Read<T>(string path, string fingerprint, PhoneModelOptions options)
        where T : class, IEvidence => StoredResult.Read<T>(
            path,
            result => result.Fingerprint != fingerprint ? "it was computed from other recordings"
                : Json.WriteKey(result.Options) != Json.WriteKey(options) ? "it was computed with other settings"
                : result.Problems().FirstOrDefault(),
            _damaged);
}
