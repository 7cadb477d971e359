namespace DeviceId.Foundation;

/// <summary>Parts of messages: counts with their nouns, and lists of sentences that may be too long.</summary>
internal static class SentenceList
{
    private const int DefaultShown = 5;

    /// <summary>A count with its noun: "1 recording", "1200 recordings".</summary>
    /// <param name="count">How many.</param>
    /// <param name="noun">The noun in the singular; its plural ends in s.</param>
    public static string Count(long count, string noun) => FormattableString.Invariant($"{count} {noun}{(count == 1 ? "" : "s")}");

    /// <summary>Joins the first sentences and says how many more there are.</summary>
    /// <param name="sentences">All sentences, each with its full stop.</param>
    /// <param name="shown">How many are written out.</param>
    public static string Abbreviate(IReadOnlyCollection<string> sentences, int shown = DefaultShown) =>
        string.Join(" ", sentences.Take(shown)) + (sentences.Count > shown ? $" And {sentences.Count - shown} more." : "");
}
