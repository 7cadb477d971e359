namespace DeviceId.Foundation;

/// <summary>Sentences of which there may be too many for a message.</summary>
internal static class SentenceList
{
    private const int Few = 5;

    /// <summary>The first of them, one after the other, and how many more there are.</summary>
    /// <param name="sentences">All, each with its own end.</param>
    /// <param name="shown">How many are written out.</param>
    public static string Abbreviate(IReadOnlyCollection<string> sentences, int shown = Few) =>
        string.Join(" ", sentences.Take(shown)) + (sentences.Count > shown ? $" And {sentences.Count - shown} more." : "");
}
