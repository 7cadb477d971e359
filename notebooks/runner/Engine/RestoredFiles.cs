namespace DeviceId.Notebooks.Engine;

/// <summary>
/// Result of a restore: full paths of the assemblies to reference, of the native libraries for this machine, and of the scripts that
/// packages bring for notebooks (interactive-extensions/dotnet/extension.dib, as in .NET Interactive).
/// </summary>
internal sealed record RestoredFiles(IReadOnlyList<string> Assemblies, IReadOnlyList<string> Natives, IReadOnlyList<string> Extensions);
