using System.CommandLine;
using DeviceId.Notebooks.Format;
using DeviceId.Notebooks.Process;
using DeviceId.Notebooks.Supply;

namespace DeviceId.Notebooks.Commands;

/// <summary>"licences": lists the packages of the workbench and their licences.</summary>
internal static class LicencesCommand
{
    /// <summary>The document that holds the table, in the repository's root.</summary>
    public const string FileName = "THIRD-PARTY-NOTICES.md";

    private const string Begin = "<!-- licences: written by `dotnet run --project notebooks/runner -- licences --write` -->";
    private const string End = "<!-- /licences -->";

    private static readonly Option<bool> Write = new("--write") { Description = $"Writes the table into {FileName}." };

    public static Command Create()
    {
        var licences = new Command("licences",
            "Lists every package that was restored, with version and licence, from the lock files and the packages themselves.");
        licences.Options.Add(Write);
        licences.SetAction(parsed => CommandLine.RunCommand(() => Start(parsed.GetValue(Write))));
        return licences;
    }

    /// <summary>Replaces the table between the markers of a text.</summary>
    /// <exception cref="NotebookException">The text has no markers.</exception>
    public static string Replace(string text, string table)
    {
        var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        if (begin < 0 || end < begin)
            throw new NotebookException($"{FileName} has no place for the table: it needs the lines {Begin} and {End}.");
        return string.Concat(text.AsSpan(0, begin), $"{Begin}\n\n{table}\n", text.AsSpan(end));
    }

    private static int Start(bool write)
    {
        var table = LicenceTable.Write(Repository.Root);
        if (!write)
        {
            Console.Write(table);
            return ExitCode.Success;
        }

        var path = Path.Combine(Repository.Root, FileName);
        WholeFile.Write(path, Replace(File.ReadAllText(path), table));
        Console.WriteLine($"licences written into {path}");
        return ExitCode.Success;
    }
}
