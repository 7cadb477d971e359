namespace DeviceId.Notebooks.Format;

/// <summary>
/// Writes text files atomically. The library has the same method, but notebooks are also written when the library is not loaded.
/// </summary>
internal static class WholeFile
{
    /// <summary>Writes UTF-8 without a byte order mark to a hidden file beside the target, then moves it to the target.</summary>
    public static void Write(string path, string text)
    {
        var temporary = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, $".{Path.GetFileName(path)}.new");
        try
        {
            File.WriteAllText(temporary, text);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
