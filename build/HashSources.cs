using System;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>One hash of a project's source files, whatever their line ends and wherever they lie: a stored result names it.</summary>
public sealed class HashSources : Task
{
    [Required]
    public ITaskItem[] Files { get; set; }

    /// <summary>Names are taken from here on.</summary>
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
            // What the compiler is given besides, such as the commit, is no source.
            if (!name.StartsWith("obj/", StringComparison.Ordinal))
                all.Append(name).Append('\n').Append(File.ReadAllText(path).Replace("\r\n", "\n")).Append('\0');
        }

        using (var sha = SHA256.Create())
            Hash = string.Concat(sha.ComputeHash(Encoding.UTF8.GetBytes(all.ToString())).Take(8).Select(b => b.ToString("x2")));
        return true;
    }
}
