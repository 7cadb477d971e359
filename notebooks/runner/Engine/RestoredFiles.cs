namespace DeviceId.Notebooks.Engine;

/// <summary>What a restore found for this machine: assemblies to reference and native libraries beside them, as full paths.</summary>
internal sealed record RestoredFiles(IReadOnlyList<string> Assemblies, IReadOnlyList<string> Natives);
