using System.Runtime.Loader;

namespace DeviceId.Notebooks;

/// <summary>
/// Finds the library and what it needs in the repository's bin/, where the notebooks find it too: a copy beside the runner would be another
/// 600 MB of native libraries.
/// </summary>
internal static class LibraryLoader
{
    /// <summary>To be called before the first method that names a type of the library; notebooks have their own way to it.</summary>
    public static void Enable() => AssemblyLoadContext.Default.Resolving += (context, name) =>
        Path.Combine(Repository.Root, "bin", name.Name + ".dll") is var path && File.Exists(path)
            ? context.LoadFromAssemblyPath(path) : null;
}
