using System.Globalization;
using DeviceId.Audio;
using DeviceId.Foundation;

namespace DeviceId.Corpora;

/// <summary>Creates recordings of simulated phones, or opens those created before.</summary>
/// <remarks>
/// Results on simulated recordings say nothing about real phones. The layout is that of CCNU-Mobile: every phone records the same
/// sentences.
/// </remarks>
internal static class SimulatedCorpus
{
    /// <summary>Raised when the same options give other samples, so that folders of older versions are not reused.</summary>
    private const int RecipeVersion = 1;
    private const string ManifestName = "simulated.json";
    private static readonly string[] BrandNames =
    [
        "Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Ginkgo", "Hazel", "Ivy", "Juniper", "Kapok", "Larch",
    ];

    /// <summary>Maximum number of brands.</summary>
    internal static int MaxBrands => BrandNames.Length;

    /// <summary>
    /// Opens the corpus in <c>&lt;folder&gt;/simulated-&lt;hash of the options&gt;</c>; creates it if it is missing or damaged.
    /// </summary>
    /// <param name="options">Settings of the corpus.</param>
    /// <param name="folder">Parent folder, usually the data folder.</param>
    /// <param name="progress">Reports after each recording created and after each recording read.</param>
    /// <exception cref="OptionsException">The options are invalid.</exception>
    /// <exception cref="CorpusException">The folder has recordings that do not belong to this corpus.</exception>
    public static Corpus Open(SimulatedCorpusOptions options, string folder, IProgress<WorkProgress>? progress = null)
    {
        options.Validate();
        var directory = Path.Combine(Path.GetFullPath(folder),
            $"simulated-{ContentHash.HashText($"{RecipeVersion}{Json.WriteCompact(options)}")[..8]}");
        var manifest = Path.Combine(directory, ManifestName);
        if (TryOpen(options, directory, manifest, progress) is { } existing)
            return existing;

        CreateRecordings(options, directory, progress);
        var created = Read(options, directory, progress);
        var expected = options.Brands * options.ModelsPerBrand * options.UnitsPerModel * options.Sentences;
        if (created.Recordings.Count != expected || created.Skipped.Count > 0)
        {
            var found = created.Recordings.Count + created.Skipped.Count;
            throw new CorpusException($"The folder '{directory}' has {found} recordings, but {expected} were created. "
                + "Delete the folder; the next run creates it again.");
        }

        AtomicFile.WriteText(manifest, Json.Write(new Contents(options, created.Fingerprint)));
        return created;
    }

    /// <summary>Opens an existing corpus if it is complete: the manifest, which is written last, has the fingerprint.</summary>
    private static Corpus? TryOpen(SimulatedCorpusOptions options, string directory, string manifest, IProgress<WorkProgress>? progress)
    {
        if (!File.Exists(manifest))
            return null;
        try
        {
            var corpus = Read(options, directory, progress);
            return corpus.Fingerprint == Json.Read<Contents>(File.ReadAllText(manifest)).Fingerprint && corpus.Skipped.Count == 0
                ? corpus : null;
        }
        catch (Exception e) when (e is CorpusException or System.Text.Json.JsonException)
        {
            return null;
        }
    }

    private static Corpus Read(SimulatedCorpusOptions options, string directory, IProgress<WorkProgress>? progress) =>
        CcnuMobile.Open(
            "simulated", directory, progress, sentence => $"speaker-{(sentence - 1) % options.Speakers + 1}", isSimulated: true);

    private static void CreateRecordings(SimulatedCorpusOptions options, string directory, IProgress<WorkProgress>? progress)
    {
        Directory.CreateDirectory(directory);
        var phones = CreatePhones(options).ToList();
        var total = phones.Count * options.Sentences;
        var counter = new object();
        var done = 0;
        ParallelLoops.For(options.Sentences, i =>
        {
            var sentence = i + 1;
            var speech = new SpeechSynthesizer(options.SampleRate, options.Seed, (sentence - 1) % options.Speakers, sentence)
                .Synthesize(options.SecondsPerSentence);
            foreach (var (device, phone) in phones)
            {
                var random = new SplitMix64((ulong)Seeds.Derive(options.Seed, device, sentence));
                var samples = RecordingSession.AtMicrophone(speech, random, options.SampleRate, options.PlacementDecibels);
                phone.Record(samples, random, options.SampleRate);
                var path = Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"{device}_{sentence}.wav"));
                WaveFile.Write(path, new AudioClip(Array.ConvertAll(samples, sample => (float)sample), options.SampleRate));
                lock (counter)
                    progress?.Report(new WorkProgress("simulating recordings", ++done, total));
            }
        });
    }

    private static IEnumerable<(string Device, SimulatedPhone Phone)> CreatePhones(SimulatedCorpusOptions options) =>
        from brand in Enumerable.Range(0, options.Brands)
        from model in Enumerable.Range(0, options.ModelsPerBrand)
        from unit in Enumerable.Range(0, options.UnitsPerModel)
        let suffix = unit == 0 ? "" : $"({unit})"
        select ($"{BrandNames[brand]}_M{model + 1}{suffix}",
            new SimulatedPhone(options.Seed, brand, model, unit, options.ResonanceDecibels));

    private sealed record Contents(SimulatedCorpusOptions Options, string Fingerprint);
}
