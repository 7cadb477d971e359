using System.Runtime.Loader;

namespace DeviceId.Notebooks;

/// <summary>
/// Loads the library and its dependencies from the repository's bin/, as the notebooks do: a copy beside the runner would need another
/// 600 MB for native libraries.
/// </summary>
internal static class LibraryLoader
{
    /// <summary>Call this before the first method that uses a type of the library. Notebooks load it themselves.</summary>
    public static void Enable() => AssemblyLoadContext.Default.Resolving += (context, name) =>
        Path.Combine(Repository.Root, "bin", name.Name + ".dll") is var path && File.Exists(path)
            ? context.LoadFromAssemblyPath(path) : null;
}
