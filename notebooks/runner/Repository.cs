using DeviceId.Notebooks.Format;

namespace DeviceId.Notebooks;

/// <summary>Where things lie, seen from the runner's own files, so that it can be called from any folder.</summary>
internal static class Repository
{
    /// <summary>The folder with DeviceId.Lib.csproj.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>plotly.js as the library's build puts it.</summary>
    public static string PlotlyScript => Path.Combine(Root, "bin", "plotly.min.js");

    /// <summary>Results that come with the repository: read, never written.</summary>
    public static string CommittedResults => Path.Combine(Root, "data", "results");

    /// <summary>The folder of the notebooks.</summary>
    public static string NotebookFolder => Path.Combine(Root, "notebooks");

    /// <summary>What can be computed again.</summary>
    public static string Cache => Path.Combine(Root, "data", "cache");

    /// <summary>Results of this machine.</summary>
    public static string Trials => Path.Combine(Root, "data", "trials");

    /// <summary>The notebooks named, or all of notebooks/ in the order of their numbers.</summary>
    /// <exception cref="NotebookException">A name fits none, or there is none at all.</exception>
    public static IReadOnlyList<string> Notebooks(IReadOnlyList<string> names)
    {
        var folder = NotebookFolder;
        var all = Directory.GetFiles(folder, "*.ipynb").Order(StringComparer.Ordinal).ToArray();
        if (names.Count == 0)
            return all.Length > 0 ? all : throw new NotebookException($"There is no notebook in '{folder}'.");
        return [.. names.Select(n => Find(n, all)).Distinct()];
    }

    private static string Find(string name, string[] all)
    {
        if (File.Exists(name))
            return Path.GetFullPath(name);
        return all.FirstOrDefault(p => Path.GetFileNameWithoutExtension(p)
            .StartsWith(Path.GetFileNameWithoutExtension(name), StringComparison.OrdinalIgnoreCase))
            ?? throw new NotebookException(
                $"There is no notebook '{name}': neither a file of that name nor one of {string.Join(", ", all.Select(Path.GetFileNameWithoutExtension).DefaultIfEmpty("(none yet)"))}.");
    }

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "DeviceId.Lib.csproj")))
                return folder;
        }

        throw new NotebookException("The runner lies outside the repository: no folder above it holds DeviceId.Lib.csproj.");
    }
}
