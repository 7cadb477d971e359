namespace DeviceId.Foundation;

/// <summary>Shortens a list of sentences that may be too long for a message.</summary>
internal static class SentenceList
{
    private const int DefaultShown = 5;

    /// <summary>Joins the first sentences and says how many more there are.</summary>
    /// <param name="sentences">All sentences, each with its full stop.</param>
    /// <param name="shown">How many are written out.</param>
    public static string Abbreviate(IReadOnlyCollection<string> sentences, int shown = DefaultShown) =>
        string.Join(" ", sentences.Take(shown)) + (sentences.Count > shown ? $" And {sentences.Count - shown} more." : "");
}
