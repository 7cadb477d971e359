using System;
using System.IO;
using System.Linq;
using System.Reflection;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>Writes an embedded resource of an assembly to a file. The resource is the one whose name ends with the suffix.</summary>
/// <remarks>
/// The package Plotly.NET contains plotly.min.js only as a resource, and Avalonia.Fonts.Inter its fonts as entries of one. The assembly is
/// loaded from bytes, so that its file is not locked; none of its code runs.
/// </remarks>
public sealed class ExtractManifestResource : Task
{
    [Required]
    public string Assembly { get; set; }

    [Required]
    public string Suffix { get; set; }

    /// <summary>If the resource is an Avalonia archive: the file in it. Empty to write the whole resource.</summary>
    public string Entry { get; set; }

    [Required]
    public string Destination { get; set; }

    public override bool Execute()
    {
        var assembly = System.Reflection.Assembly.Load(File.ReadAllBytes(Assembly));
        var name = assembly.GetManifestResourceNames().FirstOrDefault(n => n.EndsWith(Suffix, StringComparison.Ordinal));
        if (name == null)
        {
            Log.LogError("{0} has no resource whose name ends with '{1}': is this the version in Directory.Packages.props?", Assembly,
                Suffix);
            return false;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(Destination)));
        using (var resource = assembly.GetManifestResourceStream(name))
        using (var content = string.IsNullOrEmpty(Entry) ? resource : FindEntry(resource))
        {
            if (content == null)
            {
                Log.LogError("The resource {0} of {1} has no entry {2}: is this the version in Directory.Packages.props?", name, Assembly,
                    Entry);
                return false;
            }

            using (var file = File.Create(Destination))
                content.CopyTo(file);
        }

        return true;
    }

    /// <summary>
    /// The archive: length of the index; the index, that is its version, the number of entries, and the name, offset and length of each;
    /// then the files.
    /// </summary>
    private Stream FindEntry(Stream archive)
    {
        using (var reader = new BinaryReader(archive))
        {
            var start = sizeof(int) + reader.ReadInt32();
            reader.ReadInt32();
            for (var left = reader.ReadInt32(); left > 0; left--)
            {
                var (name, offset, length) = (reader.ReadString(), reader.ReadInt32(), reader.ReadInt32());
                if (name != Entry)
                    continue;
                archive.Position = start + offset;
                return new MemoryStream(reader.ReadBytes(length));
            }
        }

        return null;
    }
}
