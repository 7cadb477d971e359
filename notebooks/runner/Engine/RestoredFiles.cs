namespace DeviceId.Notebooks.Engine;

/// <summary>Result of a restore: full paths of the assemblies to reference and of the native libraries for this machine.</summary>
internal sealed record RestoredFiles(IReadOnlyList<string> Assemblies, IReadOnlyList<string> Natives)
{
    /// <summary>Scripts that packages bring for notebooks, such as formatters, under the name that .NET Interactive looks for.</summary>
    public IEnumerable<string> Extensions => Assemblies
        .Select(a => Path.GetFullPath(Path.Combine(a, "..", "..", "..", "interactive-extensions", "dotnet", "extension.dib")))
        .Where(File.Exists);
}
