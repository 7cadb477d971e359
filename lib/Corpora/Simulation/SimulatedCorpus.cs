using System.Globalization;
using DeviceId.Audio;
using DeviceId.Foundation;

namespace DeviceId.Corpora;

/// <summary>Makes recordings of phones that do not exist, or finds them where it made them before.</summary>
/// <remarks>
/// Results on it say nothing about real phones. It keeps CCNU-Mobile's layout: every phone records the same sentences.
/// </remarks>
internal static class SimulatedCorpus
{
    /// <summary>Raised when the same options begin to give other samples, so that older folders are not taken for new ones.</summary>
    private const int Recipe = 1;
    private const string Manifest = "simulated.json";
    private static readonly string[] BrandNames = ["Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Ginkgo", "Hazel", "Ivy", "Juniper",
        "Kapok", "Larch"];

    /// <summary>How many brands have a name.</summary>
    internal static int MaxBrands => BrandNames.Length;

    /// <summary>
    /// Opens the corpus in <c>&lt;folder&gt;/simulated-&lt;hash of the options&gt;</c>; makes it when it is missing or damaged.
    /// </summary>
    /// <param name="options">What to make.</param>
    /// <param name="folder">Where: usually the data folder.</param>
    /// <param name="progress">Told after each recording made, and after each read.</param>
    /// <exception cref="OptionsException">The options cannot be used.</exception>
    /// <exception cref="CorpusException">The folder holds recordings that are not of this corpus.</exception>
    public static Corpus Open(SimulatedCorpusOptions options, string folder, IProgress<WorkProgress>? progress = null)
    {
        options.Validate();
        var place = Path.Combine(Path.GetFullPath(folder),
            $"simulated-{ContentHash.HashText($"{Recipe}{Json.WriteCompact(options)}")[..8]}");
        var manifest = Path.Combine(place, Manifest);
        if (Found(options, place, manifest, progress) is { } found)
            return found;

        Make(options, place, progress);
        var made = Read(options, place, progress);
        var expected = options.Brands * options.ModelsPerBrand * options.UnitsPerModel * options.Sentences;
        if (made.Recordings.Count != expected || made.Skipped.Count > 0)
            throw new CorpusException($"The folder '{place}' holds {made.Recordings.Count + made.Skipped.Count} recordings where {expected} were made. Delete the folder; it is made again.");
        AtomicFile.WriteText(manifest, Json.Write(new Contents(options, made.Fingerprint)));
        return made;
    }

    /// <summary>What was made before, if it is whole: the manifest, written last, knows the fingerprint.</summary>
    private static Corpus? Found(SimulatedCorpusOptions options, string place, string manifest, IProgress<WorkProgress>? progress)
    {
        if (!File.Exists(manifest))
            return null;
        try
        {
            var corpus = Read(options, place, progress);
            return corpus.Fingerprint == Json.Read<Contents>(File.ReadAllText(manifest)).Fingerprint && corpus.Skipped.Count == 0
                ? corpus : null;
        }
        catch (Exception e) when (e is CorpusException or System.Text.Json.JsonException)
        {
            return null;
        }
    }

    private static Corpus Read(SimulatedCorpusOptions options, string place, IProgress<WorkProgress>? progress) =>
        CcnuMobile.Open("simulated", place, progress, sentence => $"speaker-{(sentence - 1) % options.Speakers + 1}", isSimulated: true);

    private static void Make(SimulatedCorpusOptions options, string place, IProgress<WorkProgress>? progress)
    {
        Directory.CreateDirectory(place);
        var phones = Phones(options).ToList();
        var total = phones.Count * options.Sentences;
        var counter = new object();
        var done = 0;
        ParallelLoops.For(options.Sentences, i =>
        {
            var sentence = i + 1;
            var speech = new SpeechSynthesizer(options.SampleRate, options.Seed, (sentence - 1) % options.Speakers, sentence)
                .Say(options.SecondsPerSentence);
            foreach (var (device, phone) in phones)
            {
                var random = new SplitMix64((ulong)Seeds.Derive(options.Seed, device, sentence));
                var samples = RecordingSession.AtMicrophone(speech, random, options.SampleRate, options.PlacementDecibels);
                phone.Record(samples, random, options.SampleRate);
                var path = Path.Combine(place, string.Create(CultureInfo.InvariantCulture, $"{device}_{sentence}.wav"));
                WaveFile.Write(path, new AudioClip(Array.ConvertAll(samples, sample => (float)sample), options.SampleRate));
                lock (counter)
                    progress?.Report(new WorkProgress("simulating recordings", ++done, total));
            }
        });
    }

    private static IEnumerable<(string Device, SimulatedPhone Phone)> Phones(SimulatedCorpusOptions options) =>
        from brand in Enumerable.Range(0, options.Brands)
        from model in Enumerable.Range(0, options.ModelsPerBrand)
        from unit in Enumerable.Range(0, options.UnitsPerModel)
        let suffix = unit == 0 ? "" : $"({unit})"
        select ($"{BrandNames[brand]}_M{model + 1}{suffix}",
            new SimulatedPhone(options.Seed, brand, model, unit, options.ResonanceDecibels));

    private sealed record Contents(SimulatedCorpusOptions Options, string Fingerprint);
}
