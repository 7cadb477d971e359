using DeviceId.Notebooks.Format;

namespace DeviceId.Notebooks;

/// <summary>Paths of the repository, found from the runner's own location, so that it works from any current folder.</summary>
internal static class Repository
{
    /// <summary>The folder with DeviceId.Lib.csproj.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>plotly.js, where the library's build puts it.</summary>
    public static string PlotlyScript => Path.Combine(Root, "bin", "plotly.min.js");

    /// <summary>Results committed to the repository: read, never written.</summary>
    public static string CommittedResults => Path.Combine(Root, "data", "results");

    /// <summary>The folder of the notebooks.</summary>
    public static string NotebookFolder => Path.Combine(Root, "notebooks");

    /// <summary>Files that can be computed again.</summary>
    public static string Cache => Path.Combine(Root, "data", "cache");

    /// <summary>How long the notebooks took on this machine.</summary>
    public static string OwnTimes => Path.Combine(Cache, "notebook-times.json");

    /// <summary>How long they took on another, for a first run: a copy of that machine's <see cref="OwnTimes"/>.</summary>
    public static string CommittedTimes => Path.Combine(NotebookFolder, "runner", "notebook-times.json");

    /// <summary>Results computed on this machine.</summary>
    public static string Trials => Path.Combine(Root, "data", "trials");

    /// <summary>The named notebooks, or all of notebooks/ in the order of their numbers.</summary>
    /// <exception cref="NotebookException">There is no notebook of a name, or none at all.</exception>
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
        var prefix = Path.GetFileNameWithoutExtension(name);
        var match = all.FirstOrDefault(p => Path.GetFileNameWithoutExtension(p).StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
        if (match is not null)
            return match;
        var known = string.Join(", ", all.Select(Path.GetFileNameWithoutExtension).DefaultIfEmpty("(none yet)"));
        throw new NotebookException($"There is no notebook '{name}': neither a file of that name nor one of {known}.");
    }

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "DeviceId.Lib.csproj")))
                return folder;
        }

        throw new NotebookException("The runner is outside the repository: no folder above it contains DeviceId.Lib.csproj.");
    }
}
