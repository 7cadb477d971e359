namespace DeviceId.Notebooks.Engine;

/// <summary>Result of a restore: full paths of the assemblies to reference and of the native libraries for this machine.</summary>
internal sealed record RestoredFiles(IReadOnlyList<string> Assemblies, IReadOnlyList<string> Natives);
