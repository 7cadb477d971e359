using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DeviceId.Foundation;
using DeviceId.Notebooks.Engine;
using DeviceId.Notebooks.Format;

namespace DeviceId.Notebooks.Publishing;

/// <summary>
/// A notebook with the outputs of a run, to be read on a repository page: pictures in place of scripts, no recording, no path of this
/// machine. Its metadata say from which stored results the outputs were made, so that a test can tell when they are out of date.
/// </summary>
internal static partial class PublishedNotebook
{
    /// <summary>The key in the notebook's metadata.</summary>
    public const string Key = "deviceid";

    /// <summary>Repository pages show no larger notebook.</summary>
    public const int MaxBytes = 1_500_000;

    /// <summary>Writes the outputs of an executed copy into the notebook.</summary>
    /// <param name="source">The notebook, which is replaced.</param>
    /// <param name="executed">Its executed copy.</param>
    /// <param name="results">The stored results that the run has read: paths relative to the repository.</param>
    /// <exception cref="NotebookException">The outputs hold sound or a path of this machine, or are too large.</exception>
    public static void Write(string source, string executed, IReadOnlyList<string> results)
    {
        var notebook = NotebookFile.Read(source);
        var run = NotebookFile.Read(executed).Cells;
        var injected = run.Find(cell => cell.HasTag(ParameterOverrides.InjectedTag));
        foreach (var (cell, copy) in notebook.Cells.Zip(run.Where(cell => cell != injected)))
        {
            cell.Outputs.Clear();
            cell.Outputs.AddRange(copy.Outputs.Select(Clean).OfType<Output>());
            cell.ExecutionCount = copy.ExecutionCount;
            if (injected is not null && cell.HasTag(ParameterOverrides.Tag))
                cell.Outputs.Add(new Output.Stream("stdout", $"The outputs on this page were made with {injected.Source}\n"));
        }

        notebook.Metadata[Key] = new JsonObject
        {
            ["hash"] = Hash(notebook, results),
            ["results"] = new JsonArray([.. results.Select(path => (JsonNode)path)]),
        };
        var draft = executed + ".published";
        try
        {
            notebook.Write(draft);
            Check(source, File.ReadAllText(draft));
            notebook.Write(source);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    /// <summary>Whether the outputs of a notebook were made from its present cells and results; null if it was never published.</summary>
    /// <param name="path">The notebook.</param>
    public static bool? IsFresh(string path)
    {
        var notebook = NotebookFile.Read(path);
        if (notebook.Metadata[Key] is not JsonObject published)
            return null;
        string[] results = [.. published["results"]!.AsArray().Select(result => (string)result!)];
        return results.All(result => File.Exists(Path.Combine(Repository.Root, result)))
            && (string?)published["hash"] == Hash(notebook, results);
    }

    /// <summary>Hash of what determines the outputs: cells, setup.dib and stored results; not the library, which tests cover.</summary>
    private static string Hash(NotebookFile notebook, IEnumerable<string> results)
    {
        var text = new StringBuilder();
        foreach (var cell in notebook.Cells)
            text.Append(cell.Type).Append('\n').Append(cell.Source).Append('\n');
        text.Append(File.ReadAllText(Path.Combine(Repository.NotebookFolder, "setup.dib")));
        foreach (var result in results)
            text.Append(result).Append(' ').Append(ContentHash.HashFile(Path.Combine(Repository.Root, result))).Append('\n');
        return ContentHash.HashText(text.ToString());
    }

    /// <summary>An output as it is published; null for progress bars and empty values.</summary>
    private static Output? Clean(Output output) => output switch
    {
        Output.Stream stream => stream with { Text = WithoutRoot(stream.Text) },
        Output.Data data when data.Mime.Values.Any(text => text.Contains("data-deviceid-progress", StringComparison.Ordinal)) => null,
        Output.Data data when data.Mime.Values.All(string.IsNullOrEmpty) => null,
        Output.Data data => data with { Mime = data.Mime.ToDictionary(m => m.Key, m => WithoutRoot(TableData().Replace(m.Value, ""))) },
        _ => output,
    };

    private static string WithoutRoot(string text) => text.Replace(Repository.Root + "/", "", StringComparison.Ordinal);

    private static void Check(string source, string published)
    {
        var size = Encoding.UTF8.GetByteCount(published);
        string[] folders = [Repository.Root, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + "/", Path.GetTempPath()];
        var problem = published.Contains("data:audio", StringComparison.Ordinal) ? "its outputs hold sound"
            : Array.Find(folders, folder => published.Contains(folder, StringComparison.Ordinal)) is { } path ? $"its outputs name {path}"
            : size > MaxBytes ? FormattableString.Invariant($"it would have {size / 1e6:0.0} MB, more than {MaxBytes / 1e6:0.0}")
            : null;
        if (problem is not null)
            throw new NotebookException($"'{source}' was not published: {problem}.");
    }

    // The table once more for our terminal, and the experiment for our report.
    [GeneratedRegex("<script type=\"application/json\" class=\"deviceid-[a-z]*\">.*?</script>", RegexOptions.Singleline)]
    private static partial Regex TableData();
}
