namespace DeviceId.Corpora;

/// <summary>Normalises sentence names for comparison.</summary>
internal static class SentenceName
{
    /// <summary>
    /// Converts a name to lower case and Unicode form C, in which an accented letter is one character: a file copied from a Mac may have
    /// "ü" as two.
    /// </summary>
    /// <param name="name">A file name without extension, or a session. Invalid Unicode is only converted to lower case.</param>
    public static string Normalise(string name)
    {
        try
        {
            return name.Normalize().ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return name.ToLowerInvariant();
        }
    }
}
