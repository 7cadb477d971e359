using System.Text;

namespace DeviceId.Corpora;

/// <summary>Reads the lines of a text file, and refuses bytes that are not valid in its encoding.</summary>
internal static class TableText
{
    /// <summary>Reads a file in UTF-8, or in UTF-16 if it begins with a byte order mark.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="CorpusException">A line is not valid: two different names would otherwise become one.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be read.</exception>
    public static string[] ReadLines(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var encoding = bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) ? Encoding.Unicode
            : bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) ? Encoding.BigEndianUnicode : Encoding.UTF8;
        try
        {
            return Lines(Encoding.GetEncoding(encoding.CodePage, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)
                .GetString(bytes));
        }
        catch (DecoderFallbackException)
        {
            var line = 1 + Array.FindIndex(Lines(encoding.GetString(bytes)), text => text.Contains('\uFFFD', StringComparison.Ordinal));
            throw new CorpusException($"The table '{path}', line {line}: the text is not valid {encoding.WebName.ToUpperInvariant()}, so "
                + "that different names could become one. Save the table as 'CSV UTF-8'.");
        }
    }

    private static string[] Lines(string text)
    {
        var lines = new List<string>();
        using var reader = new StringReader(text.TrimStart('\uFEFF'));
        while (reader.ReadLine() is { } line)
            lines.Add(line);
        return [.. lines];
    }
}
