namespace DeviceId.Corpora;

/// <summary>Groups recordings that must be on the same side of a split.</summary>
/// <remarks>
/// Two sentences with the same file content (a copy under another name) belong to one group, so that any assignment of whole groups is
/// free of leakage.
/// </remarks>
internal static class SentenceGroups
{
    /// <summary>Groups recordings, in the order of the groups' names. A group's name is its sentences joined by "+".</summary>
    public static IReadOnlyList<(string Name, IReadOnlyList<Recording> Recordings)> Group(IReadOnlyList<Recording> recordings)
    {
        var parent = recordings.Select(r => r.Sentence).Distinct().ToDictionary(s => s, s => s, StringComparer.Ordinal);
        foreach (var copies in recordings.GroupBy(r => r.Hash))
            foreach (var copy in copies.Skip(1))
                Union(parent, copies.First().Sentence, copy.Sentence);
        string Name(IEnumerable<Recording> group) =>
            string.Join('+', group.Select(r => r.Sentence).Distinct().Order(StringComparer.Ordinal));
        return [.. recordings.GroupBy(r => Root(parent, r.Sentence))
            .Select(g => (Name: Name(g), (IReadOnlyList<Recording>)[.. g]))
            .OrderBy(g => g.Name, StringComparer.Ordinal)];
    }

    private static void Union(Dictionary<string, string> parent, string first, string second)
    {
        var (a, b) = (Root(parent, first), Root(parent, second));
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
