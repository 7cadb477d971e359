namespace DeviceId.Corpora;

/// <summary>A sentence's name in the one spelling by which recordings are compared.</summary>
internal static class SentenceName
{
    /// <summary>
    /// Small letters, each with its accents in one character (Unicode's form C): a file copied from a Mac may spell "ü" as two, and is
    /// still the same name.
    /// </summary>
    /// <param name="written">A file's name without its ending, or a session; what is no valid Unicode keeps its characters.</param>
    public static string Normalise(string written)
    {
        try
        {
            return written.Normalize().ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return written.ToLowerInvariant();
        }
    }
}
