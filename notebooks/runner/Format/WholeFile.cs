namespace DeviceId.Notebooks.Format;

/// <summary>
/// Text files that are whole or as they were before. The library has the same, but notebooks are also written where it is not loaded.
/// </summary>
internal static class WholeFile
{
    /// <summary>Writes UTF-8 without mark under a hidden name beside the file, then puts it in the file's place.</summary>
    public static void Write(string path, string text)
    {
        var fresh = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, $".{Path.GetFileName(path)}.new");
        try
        {
            File.WriteAllText(fresh, text);
            File.Move(fresh, path, overwrite: true);
        }
        catch
        {
            File.Delete(fresh);
            throw;
        }
    }
}
