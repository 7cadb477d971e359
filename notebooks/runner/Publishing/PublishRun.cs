using DeviceId.Foundation;
using DeviceId.Notebooks.Commands;
using DeviceId.Notebooks.Format;
using DeviceId.Notebooks.Process;
using DeviceId.Notebooks.Report;
using DeviceId.Reporting;

namespace DeviceId.Notebooks.Publishing;

/// <summary>Runs notebooks of the repository and writes their outputs into them.</summary>
/// <param name="options">The options of the run; its executed copies are kept in the output folder.</param>
internal sealed class PublishRun(RunOptions options)
{
    private const string DefaultProfile = "standard";

    /// <summary>Runs the notebooks one after the other; one that fails is not published.</summary>
    /// <exception cref="NotebookException">
    /// The public recordings are missing, or a path is not one of the repository's notebooks.
    /// </exception>
    public async Task<int> RunAsync()
    {
        if (options.Notebooks.FirstOrDefault(path => Path.GetDirectoryName(path) != Repository.NotebookFolder) is { } other)
            throw new NotebookException($"--publish: {other} is not one of the notebooks in {Repository.NotebookFolder}.");
        var recordings = Path.Combine(Repository.Root, "data", "ccnu-mobile");
        if (!Directory.Exists(recordings))
            throw new NotebookException($"--publish needs the public recordings in {recordings}: the README has the command.");
        Environment.SetEnvironmentVariable(FigureFormatters.PublishVariable, "1");
        var given = new Dictionary<string, string>(options.Given);
        given.TryAdd("profile", DefaultProfile);
        // Notebooks find the public recordings themselves; a path of this machine would be published.
        given.Remove("data");
        var codes = new List<int>();
        foreach (var notebook in options.Notebooks)
        {
            codes.Add(await TryPublishAsync(options with { Notebooks = [notebook], Given = given, Found = recordings }));
            if (codes[^1] == ExitCode.Interrupted)
                break;
        }

        return codes.FirstOrDefault(code => code != ExitCode.Success);
    }

    /// <summary>Publishes a notebook; one that cannot be published is named, and the others go on.</summary>
    private static async Task<int> TryPublishAsync(RunOptions one)
    {
        try
        {
            return await PublishAsync(one);
        }
        catch (NotebookException error)
        {
            Console.Error.WriteLine(error.Message);
            return ExitCode.CellFailed;
        }
    }

    private static async Task<int> PublishAsync(RunOptions one)
    {
        var list = Path.Combine(one.Output, "results-read.txt");
        Directory.CreateDirectory(one.Output);
        File.Delete(list);
        Environment.SetEnvironmentVariable(StoredResult.ListVariable, list);
        var code = await new NotebookRun(one).RunAsync();
        if (code != ExitCode.Success)
            return code;
        var (source, results) = (one.Notebooks[0], File.Exists(list) ? Results(File.ReadLines(list)) : []);
        PublishedNotebook.Write(source, Path.Combine(one.Output, Path.GetFileName(source)), results);
        var size = FormattableString.Invariant($"{new FileInfo(source).Length / 1e6:0.00} MB");
        Console.WriteLine($"published: {source} ({size}, from {SentenceList.Count(results.Count, "stored result")})");
        return code;
    }

    // Results outside data/results were made in this run: nobody else has them.
    private static List<string> Results(IEnumerable<string> paths) =>
        [.. paths.Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'))
            .Where(path => path.StartsWith("data/results/", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal)];
}
