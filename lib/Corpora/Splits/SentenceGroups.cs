namespace DeviceId.Corpora;

/// <summary>Recordings that must stay on one side together.</summary>
/// <remarks>
/// Sentences are joined where two of them share a file's contents (a copy under another name), so that whole groups can be dealt out
/// freely.
/// </remarks>
internal static class SentenceGroups
{
    /// <summary>Groups of a corpus in the order of their first sentence; a group's name is its sentences joined by "+".</summary>
    public static IReadOnlyList<(string Name, IReadOnlyList<Recording> Recordings)> Group(Corpus corpus)
    {
        var parent = corpus.Recordings.Select(r => r.Sentence).Distinct().ToDictionary(s => s, s => s, StringComparer.Ordinal);
        foreach (var copies in corpus.Recordings.GroupBy(r => r.Hash))
            foreach (var copy in copies.Skip(1))
                Join(parent, copies.First().Sentence, copy.Sentence);
        return [.. corpus.Recordings.GroupBy(r => Root(parent, r.Sentence))
            .Select(g => (Name: string.Join('+', g.Select(r => r.Sentence).Distinct().Order(StringComparer.Ordinal)),
                (IReadOnlyList<Recording>)[.. g]))
            .OrderBy(g => g.Name, StringComparer.Ordinal)];
    }

    private static void Join(Dictionary<string, string> parent, string one, string other)
    {
        var (a, b) = (Root(parent, one), Root(parent, other));
        if (a != b)
            parent[b] = a;
    }

    private static string Root(Dictionary<string, string> parent, string sentence)
    {
        while (parent[sentence] != sentence)
            sentence = parent[sentence];
        return sentence;
    }
}
