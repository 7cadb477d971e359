using DeviceId.Foundation;

namespace DeviceId.Notebooks.Commands;

/// <summary>Tells whether two paths name one file.</summary>
internal static class SamePath
{
    private const int MaxLinks = 40;

    /// <summary>
    /// Compares with links resolved; existing files also by device and inode, which finds hard links and names that differ only in case.
    /// </summary>
    public static bool IsSame(string first, string second)
    {
        var (one, other) = (Resolve(first), Resolve(second));
        var comparison = OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
        return string.Equals(one, other, comparison)
            || (FileStatus.Identity(one) is { } identity && identity == FileStatus.Identity(other));
    }

    /// <summary>Whether a path lies in a folder or its sub-folders, with links resolved.</summary>
    public static bool IsInside(string path, string folder) =>
        Resolve(path).StartsWith(Resolve(folder).TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar,
            OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase);

    private static string Resolve(string path, int links = 0)
    {
        var full = Path.GetFullPath(path);
        var current = Path.GetPathRoot(full)!;
        var parts = full[current.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < parts.Length; i++)
        {
            var folder = current;
            current = Path.Combine(folder, parts[i]);
            if (links < MaxLinks && LinkTarget(current) is { } target)
                return Resolve(Path.Combine([folder, target, .. parts[(i + 1)..]]), links + 1);
        }

        return current;
    }

    private static string? LinkTarget(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
