using System.Globalization;
using DeviceId.Foundation;

namespace DeviceId.Corpora;

/// <summary>Ways to divide a corpus into training and test; <see cref="Split"/> refuses any that leaks.</summary>
public static class Folds
{
    /// <summary>The last training index of the paper's split: 514 of 642 sentences.</summary>
    public const int PaperLastTrainIndex = 514;

    private const int PaperSentences = 642;

    /// <summary>The paper's split: sentences 1 to 514 train, 515 to 642 test (Zeng et al. 2021, section "Experimental setup").</summary>
    /// <param name="corpus">A corpus whose sentences are numbers: CCNU-Mobile.</param>
    /// <returns>One split.</returns>
    /// <exception cref="CorpusException">The corpus does not hold both ranges.</exception>
    public static IReadOnlyList<Split> Paper(Corpus corpus)
    {
        if (!corpus.Recordings.Select(Index).Any(i => i is > PaperLastTrainIndex and <= PaperSentences))
            throw new CorpusException(
                $"{corpus.Name} has no sentences {PaperLastTrainIndex + 1} to {PaperSentences}, the paper's test set: it holds {corpus.Recordings.Select(r => r.Sentence).Distinct().Count()} sentences. " +
                "The split needs the whole CCNU-Mobile; on the public part leave one sentence out.");
        return ByIndex(corpus, PaperLastTrainIndex);
    }

    /// <summary>Divides by the sentence's number.</summary>
    /// <param name="corpus">A corpus whose sentences are numbers.</param>
    /// <param name="lastTrainIndex">The last number that trains; all above it test.</param>
    /// <returns>One split.</returns>
    /// <exception cref="CorpusException">A sentence is not a number, or one side is empty.</exception>
    public static IReadOnlyList<Split> ByIndex(Corpus corpus, int lastTrainIndex) =>
        [Divide(corpus, $"index-{lastTrainIndex}", recording =>
            (Index(recording) ?? throw new CorpusException(
                $"{corpus.Name}: sentence '{recording.Sentence}' is not a number, so it cannot be divided by index; use grouped folds.")) > lastTrainIndex)];

    /// <summary>As many splits as sentences, each testing one; sentences that share a file's contents count as one.</summary>
    /// <exception cref="CorpusException">A device would have no training recordings in one of them.</exception>
    public static IReadOnlyList<Split> LeaveOneSentenceOut(Corpus corpus) =>
        [.. SentenceGroups.Group(corpus).Select(group => Divide(corpus, $"sentence-{group.Name}", group.Recordings.ToHashSet().Contains))];

    /// <summary>The first of some splits, which stands for all where a run must be short.</summary>
    /// <param name="splits">All; each could be made.</param>
    /// <param name="count">How many; 0 for all.</param>
    internal static IReadOnlyList<Split> First(IReadOnlyList<Split> splits, int count) => count == 0 ? splits : [.. splits.Take(count)];

    /// <summary>
    /// K folds that keep a sentence's recordings together; the largest groups are dealt first, each to the fold that has least of its
    /// devices, the smallest of these.
    /// </summary>
    /// <param name="corpus">The corpus.</param>
    /// <param name="folds">How many, at least 2.</param>
    /// <param name="seed">Decides which groups go together.</param>
    /// <exception cref="CorpusException">Fewer sentences than folds, or a device would have no training recordings.</exception>
    public static IReadOnlyList<Split> Grouped(Corpus corpus, int folds, long seed)
    {
        var parts = Deal(SentenceGroups.Group(corpus).Select(g => g.Recordings), folds, seed, $"{corpus.Name}: sentences");
        return [.. parts.Select((part, i) => Divide(corpus, $"fold-{i + 1}-of-{folds}", part.Contains))];
    }

    /// <summary>K folds over speakers: each tests speakers that training has never heard.</summary>
    /// <remarks>
    /// A sentence that a held-out speaker and others read (TIMIT's SA1 and SA2) stays in the test; the others' readings of it leave
    /// training.
    /// </remarks>
    /// <param name="corpus">A corpus that knows all speakers.</param>
    /// <param name="folds">How many, at least 2.</param>
    /// <param name="seed">Decides which speakers go together.</param>
    /// <exception cref="CorpusException">A speaker is unknown, fewer speakers than folds, or training would lose a device.</exception>
    public static IReadOnlyList<Split> HeldOutSpeakers(Corpus corpus, int folds, long seed)
    {
        if (corpus.Recordings.FirstOrDefault(r => r.Speaker is null) is { } unknown)
            throw new CorpusException($"{corpus.Name} does not say who speaks in '{unknown.Path}', so no speakers can be held out; use grouped folds.");
        var bySpeaker = corpus.Recordings.GroupBy(r => r.Speaker, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal);
        var parts = Deal(bySpeaker.Select(g => (IReadOnlyList<Recording>)[.. g]), folds, seed, $"{corpus.Name}: speakers");
        var groups = SentenceGroups.Group(corpus).Select(g => g.Recordings).ToList();
        return [.. parts.Select((part, i) =>
        {
            var tainted = groups.Where(g => g.Any(part.Contains)).SelectMany(g => g).ToHashSet();
            return Make(corpus, $"speakers-{i + 1}-of-{folds}", corpus.Recordings.Where(r => !tainted.Contains(r)),
                corpus.Recordings.Where(part.Contains));
        })];
    }

    private static List<HashSet<Recording>> Deal(IEnumerable<IReadOnlyList<Recording>> groups, int folds, long seed, string what)
    {
        var all = groups.ToArray();
        if (folds < 2)
            throw new CorpusException($"{folds} folds were asked for; at least 2 are needed.");
        if (all.Length < folds)
            throw new CorpusException($"{what}: there are {all.Length}, too few for {folds} folds.");
        var random = new SplitMix64((ulong)Seeds.Derive(seed, "folds"));
        for (var i = all.Length - 1; i > 0; i--)
        {
            var j = random.Below(i + 1);
            (all[i], all[j]) = (all[j], all[i]);
        }

        var parts = Enumerable.Range(0, folds).Select(_ => new HashSet<Recording>()).ToList();
        foreach (var group in all.OrderByDescending(g => g.Count)) // a stable sort: equals stay as shuffled
        {
            // To the part that has least of the group's devices: where files of one device share no names with others', no part must get
            // all of them.
            var devices = group.Select(r => r.Device).ToHashSet(StringComparer.Ordinal);
            parts.MinBy(part => (part.Count(r => devices.Contains(r.Device)), part.Count))!.UnionWith(group);
        }

        return parts;
    }

    private static Split Divide(Corpus corpus, string name, Func<Recording, bool> isTest) =>
        Make(corpus, name, corpus.Recordings.Where(r => !isTest(r)), corpus.Recordings.Where(isTest));

    private static Split Make(Corpus corpus, string name, IEnumerable<Recording> train, IEnumerable<Recording> test) =>
        new(name, new TrainSet(corpus.Devices, train), new TestSet(corpus.Devices, test));

    private static int? Index(Recording recording) =>
        int.TryParse(recording.Sentence, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;
}
