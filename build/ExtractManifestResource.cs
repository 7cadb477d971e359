using System;
using System.IO;
using System.Linq;
using System.Reflection;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>Writes an embedded resource of an assembly to a file. The resource is the one whose name ends with the suffix.</summary>
/// <remarks>
/// The package Plotly.NET contains plotly.min.js only as a resource. The assembly is loaded from bytes, so that its file is not locked;
/// none of its code runs.
/// </remarks>
public sealed class ExtractManifestResource : Task
{
    [Required]
    public string Assembly { get; set; }

    [Required]
    public string Suffix { get; set; }

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
        using (var file = File.Create(Destination))
            resource.CopyTo(file);
        return true;
    }
}
