using DeviceId.Corpora;
using DeviceId.Foundation;
using DeviceId.Reporting;

namespace DeviceId.Notebooks.Commands;

/// <summary>The recordings that the command line names, and what it names that is none; nothing is opened yet.</summary>
/// <param name="Files">Recordings in the order of the command line; folders are replaced by their recordings.</param>
/// <param name="Failures">Folders that cannot be listed or hold no recording, pipes, sockets and devices.</param>
/// <param name="Notices">A sentence about the other files of each folder.</param>
internal sealed record QuestionedFiles(
    IReadOnlyList<string> Files, IReadOnlyList<IdentificationFailure> Failures, IReadOnlyList<string> Notices)
{
    private const int ShownFiles = 5;

    /// <summary>Sorts the arguments.</summary>
    public static QuestionedFiles List(IEnumerable<string> arguments)
    {
        var (files, failures, notices) = (new List<string>(), new List<IdentificationFailure>(), new List<string>());
        foreach (var argument in arguments)
        {
            if (string.IsNullOrWhiteSpace(argument))
                failures.Add(new IdentificationFailure($"'{argument}'", "the name of the recording is empty."));
            else if (Directory.Exists(argument))
                AddFolder(argument, files, failures, notices);
            else if (Refuse(argument) is { } reason)
                failures.Add(new IdentificationFailure(argument, reason));
            else
                files.Add(argument);
        }

        return new QuestionedFiles(files, failures, notices);
    }

    /// <summary>Why a path cannot be opened as a recording; null if it can be tried.</summary>
    private static string? Refuse(string path) => SpooledInput.IsStream(path) || FileStatus.DescribeSpecial(path) is not { } special
        ? null : $"it is {special}, not a file: it was not opened. To identify what comes through a pipe: identify - < PIPE";

    private static void AddFolder(string folder, List<string> files, List<IdentificationFailure> failures, List<string> notices)
    {
        try
        {
            var listed = AudioFolder.List(folder, "A folder of questioned recordings holds them directly or in subfolders.");
            files.AddRange(listed.Audio);
            failures.AddRange(listed.Skipped.Select(skipped => new IdentificationFailure(skipped.Path, skipped.Reason)));
            if (listed.Ignored.Count > 0)
                notices.Add(Notice(listed));
        }
        catch (Exception problem) when (problem is CorpusException or IOException or UnauthorizedAccessException)
        {
            failures.Add(new IdentificationFailure(folder, FailureReason.Describe(problem)));
        }
    }

    private static string Notice(AudioFolder listed)
    {
        var names = listed.Ignored.Take(ShownFiles).Select(path => Path.GetRelativePath(listed.Path, path));
        var more = listed.Ignored.Count > ShownFiles ? $", and {listed.Ignored.Count - ShownFiles} more" : "";
        return $"{listed.Path}: {SentenceList.Count(listed.Ignored.Count, "file")} ignored, no recordings: "
            + $"{string.Join(", ", names)}{more}.";
    }
}
