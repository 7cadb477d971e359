using System.Globalization;
using DeviceId.Foundation;

namespace DeviceId.Corpora;

/// <summary>Divides a corpus into training and test sets; <see cref="Split"/> rejects divisions with leakage.</summary>
public static class Folds
{
    /// <summary>Last training index of the paper's split: 514 of 642 sentences.</summary>
    public const int PaperLastTrainIndex = 514;

    private const int PaperSentences = 642;

    /// <summary>
    /// The paper's split: sentences 1 to 514 for training, 515 to 642 for testing (Zeng et al. 2021, section "Experimental setup").
    /// </summary>
    /// <param name="corpus">A corpus whose sentences are numbers: CCNU-Mobile.</param>
    /// <returns>One split.</returns>
    /// <exception cref="DeviceIdException">The corpus does not contain both ranges.</exception>
    public static IReadOnlyList<Split> Paper(Corpus corpus)
    {
        if (!corpus.Recordings.Select(Index).Any(i => i is > PaperLastTrainIndex and <= PaperSentences))
        {
            var sentences = corpus.Recordings.Select(r => r.Sentence).Distinct().Count();
            throw new CorpusException(
                $"{corpus.Name} has no sentences {PaperLastTrainIndex + 1} to {PaperSentences}, the paper's test set: it has {sentences} "
                + "sentences. This split needs the whole CCNU-Mobile; on the public part leave one sentence out.");
        }

        return ByIndex(corpus, PaperLastTrainIndex);
    }

    /// <summary>Divides by sentence number.</summary>
    /// <param name="corpus">A corpus whose sentences are numbers.</param>
    /// <param name="lastTrainIndex">Last sentence number for training; all higher numbers are for testing.</param>
    /// <returns>One split.</returns>
    /// <exception cref="DeviceIdException">A sentence is not a number, or one side is empty.</exception>
    public static IReadOnlyList<Split> ByIndex(Corpus corpus, int lastTrainIndex) =>
        [Divide(corpus, $"index-{lastTrainIndex}", recording => RequireIndex(corpus, recording) > lastTrainIndex)];

    /// <summary>
    /// Leave-one-sentence-out: one split per sentence, which is its test set. Sentences with the same file content count as one.
    /// </summary>
    /// <exception cref="DeviceIdException">A device would have no training recordings in one of the splits.</exception>
    public static IReadOnlyList<Split> LeaveOneSentenceOut(Corpus corpus) =>
        [.. SentenceGroups.Group(corpus.Recordings)
            .Select(group => Divide(corpus, $"sentence-{group.Name}", group.Recordings.ToHashSet().Contains))];

    /// <summary>
    /// The first sentences by name for training, all others for testing: with two, the protocol of Kritsiolis and Kotropoulos (2024), who
    /// had five files a phone.
    /// </summary>
    /// <param name="corpus">The recordings.</param>
    /// <param name="count">Number of training sentences, at least 1; sentences with the same file content count as one.</param>
    /// <returns>One split.</returns>
    /// <exception cref="DeviceIdException">There are no other sentences, or a device has none of the first.</exception>
    public static IReadOnlyList<Split> FirstSentences(Corpus corpus, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var train = SentenceGroups.Group(corpus.Recordings).Take(count).SelectMany(group => group.Recordings).ToHashSet();
        return [Divide(corpus, $"first-{count}-sentences", recording => !train.Contains(recording))];
    }

    /// <summary>
    /// Leave-one-sentence-out within training recordings, to choose settings without the test; sentences without which a device would have
    /// no recordings are never held out.
    /// </summary>
    /// <param name="train">The training recordings.</param>
    internal static IReadOnlyList<Split> Inner(TrainSet train)
    {
        var groups = SentenceGroups.Group(train.Recordings);
        TrainSet Without(IReadOnlyList<Recording> part) => new(train.Devices, train.Recordings.Except(part));
        return [.. groups.Select(group => (group, Others: Without(group.Recordings)))
            .Where(pair => train.Devices.All(device => pair.Others.Recordings.Any(recording => recording.Device == device)))
            .Select(pair => new Split(
                $"sentence-{pair.group.Name}", pair.Others, new TestSet(train.Devices, pair.group.Recordings)))];
    }

    /// <summary>Returns the first splits, for a short run.</summary>
    /// <param name="splits">All splits.</param>
    /// <param name="count">Number of splits; 0 for all.</param>
    internal static IReadOnlyList<Split> First(IReadOnlyList<Split> splits, int count) => count == 0 ? splits : [.. splits.Take(count)];

    /// <summary>
    /// Grouped k-fold: the recordings of a sentence are in the same fold. The largest groups are assigned first, each to the fold with the
    /// fewest recordings of its devices; in a tie, to the smallest fold.
    /// </summary>
    /// <param name="corpus">The corpus.</param>
    /// <param name="folds">Number of folds, at least 2.</param>
    /// <param name="seed">Seed of the assignment of groups to folds.</param>
    /// <exception cref="DeviceIdException">There are fewer sentences than folds, or a device would have no training recordings.</exception>
    public static IReadOnlyList<Split> Grouped(Corpus corpus, int folds, long seed)
    {
        var groups = SentenceGroups.Group(corpus.Recordings).Select(g => g.Recordings);
        var parts = AssignToFolds(groups, folds, seed, $"{corpus.Name}: sentences");
        return [.. parts.Select((part, i) => Divide(corpus, $"fold-{i + 1}-of-{folds}", part.Contains))];
    }

    /// <summary>K folds over speakers: each tests on speakers that are not in its training set.</summary>
    /// <remarks>
    /// If held-out speakers and others read the same sentence (TIMIT's SA1 and SA2), the readings of the held-out speakers are tested, and
    /// those of the others are removed from training.
    /// </remarks>
    /// <param name="corpus">A corpus in which all speakers are known.</param>
    /// <param name="folds">Number of folds, at least 2.</param>
    /// <param name="seed">Seed of the assignment of speakers to folds.</param>
    /// <exception cref="DeviceIdException">
    /// A speaker is unknown, there are fewer speakers than folds, or a device would have no training recordings.
    /// </exception>
    public static IReadOnlyList<Split> HeldOutSpeakers(Corpus corpus, int folds, long seed)
    {
        if (corpus.Recordings.FirstOrDefault(r => r.Speaker is null) is { } unknown)
            throw new CorpusException(
                $"{corpus.Name} does not say who speaks in '{unknown.Path}', so no speakers can be held out; use grouped folds.");
        var bySpeaker = corpus.Recordings.GroupBy(r => r.Speaker, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal);
        var parts = AssignToFolds(bySpeaker.Select(g => (IReadOnlyList<Recording>)[.. g]), folds, seed, $"{corpus.Name}: speakers");
        var groups = SentenceGroups.Group(corpus.Recordings).Select(g => g.Recordings).ToList();
        return [.. parts.Select((part, i) =>
        {
            var excluded = groups.Where(g => g.Any(part.Contains)).SelectMany(g => g).ToHashSet();
            return CreateSplit(corpus, $"speakers-{i + 1}-of-{folds}", corpus.Recordings.Where(r => !excluded.Contains(r)),
                corpus.Recordings.Where(part.Contains));
        })];
    }

    private static List<HashSet<Recording>> AssignToFolds(IEnumerable<IReadOnlyList<Recording>> groups, int folds, long seed, string what)
    {
        var shuffled = groups.ToArray();
        if (folds < 2)
            throw new CorpusException($"{folds} folds were requested; at least 2 are needed.");
        if (shuffled.Length < folds)
            throw new CorpusException($"{what}: there are {shuffled.Length}, too few for {folds} folds.");
        var random = new SplitMix64((ulong)Seeds.Derive(seed, "folds"));
        for (var i = shuffled.Length - 1; i > 0; i--)
        {
            var j = random.Below(i + 1);
            (shuffled[i], shuffled[j]) = (shuffled[j], shuffled[i]);
        }

        var parts = Enumerable.Range(0, folds).Select(_ => new HashSet<Recording>()).ToList();
        foreach (var group in shuffled.OrderByDescending(g => g.Count)) // stable sort: groups of equal size stay shuffled
        {
            // Spread the recordings of each device over the folds: if a device shares no sentence names with others, one fold could
            // otherwise get all its recordings.
            var devices = group.Select(r => r.Device).ToHashSet(StringComparer.Ordinal);
            parts.MinBy(part => (part.Count(r => devices.Contains(r.Device)), part.Count))!.UnionWith(group);
        }

        return parts;
    }

    private static Split Divide(Corpus corpus, string name, Func<Recording, bool> isTest) =>
        CreateSplit(corpus, name, corpus.Recordings.Where(r => !isTest(r)), corpus.Recordings.Where(isTest));

    private static Split CreateSplit(Corpus corpus, string name, IEnumerable<Recording> train, IEnumerable<Recording> test) =>
        new(name, new TrainSet(corpus.Devices, train), new TestSet(corpus.Devices, test));

    private static int RequireIndex(Corpus corpus, Recording recording) => Index(recording) ?? throw new CorpusException(
        $"{corpus.Name}: sentence '{recording.Sentence}' is not a number, so it cannot be divided by index; use grouped folds.");

    private static int? Index(Recording recording) =>
        int.TryParse(recording.Sentence, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;
}
