using System;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Computes the hash of a project's source files that stored results name. It does not depend on line ends and the repository's path.
/// </summary>
public sealed class HashSources : Task
{
    [Required]
    public ITaskItem[] Files { get; set; }

    /// <summary>The project's folder; file names are relative to it.</summary>
    [Required]
    public string Folder { get; set; }

    [Output]
    public string Hash { get; set; }

    public override bool Execute()
    {
        var folder = Path.GetFullPath(Folder).TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar;
        var all = new StringBuilder();
        var paths = Files.Select(file => file.GetMetadata("FullPath")).Where(path => path.StartsWith(folder, StringComparison.Ordinal));
        foreach (var path in paths.OrderBy(path => path, StringComparer.Ordinal))
        {
            var name = path.Substring(folder.Length).Replace('\\', '/');
            // Generated files, such as the one with the commit, are not sources.
            if (!name.StartsWith("obj/", StringComparison.Ordinal))
                all.Append(name).Append('\n').Append(File.ReadAllText(path).Replace("\r\n", "\n")).Append('\0');
        }

        using (var sha = SHA256.Create())
            Hash = string.Concat(sha.ComputeHash(Encoding.UTF8.GetBytes(all.ToString())).Take(8).Select(b => b.ToString("x2")));
        return true;
    }
}
