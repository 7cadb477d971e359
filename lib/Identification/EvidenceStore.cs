using System.Text.Json;
using DeviceId.Corpora;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Identification;

/// <summary>Results of <see cref="PhoneModelStudy"/> as files, found again instead of computed again.</summary>
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
    public PhoneModelEvidence FindOrStudy(Corpus corpus, PhoneModelOptions options, int sentences, string cacheFolder, Device device, IProgress<WorkProgress>? progress = null)
    {
        var key = Key(corpus, options, sentences);
        if (further.Prepend(folder).Select(place => Read(Path.Combine(place, key + ".json"))).FirstOrDefault(found => found is not null) is { } found)
            return found;
        var computed = PhoneModelStudy.Run(corpus, options, cacheFolder, device, sentences, progress);
        AtomicFile.WriteText(Path.Combine(folder, key + ".json"), Json.WriteCompact(computed) + "\n");
        return computed;
    }

    /// <summary>A result's name: a hash of all that determines it.</summary>
    public static string Key(Corpus corpus, PhoneModelOptions options, int sentences) =>
        ContentHash.OfText($"{PhoneModelStudy.Version}\n{corpus.Fingerprint}\n{sentences}\n{Json.WriteCompact(options)}")[..32];

    private static PhoneModelEvidence? Read(string path)
    {
        try
        {
            return File.Exists(path) ? Json.Read<PhoneModelEvidence>(File.ReadAllText(path)) : null;
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            // Computed anew, as a damaged trial is.
            return null;
        }
    }
}
