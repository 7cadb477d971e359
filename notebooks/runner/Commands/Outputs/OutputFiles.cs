using DeviceId.Foundation;
using DeviceId.Notebooks.Format;

namespace DeviceId.Notebooks.Commands;

/// <summary>
/// Checks before any work that an output replaces no input, no other output, and no file that this program did not write.
/// </summary>
/// <param name="force">Whether a file that this program did not write may be replaced, if it is neither an input nor an output.</param>
internal sealed class OutputFiles(bool force)
{
    private readonly List<(string Role, string Path)> _taken = [];

    /// <summary>Names an input.</summary>
    /// <param name="role">What it is, for the message: "the model", "a questioned recording".</param>
    /// <param name="path">The file or folder.</param>
    public void AddInput(string role, string path) => _taken.Add((role, path));

    /// <summary>Whether a path is an input, or an output that was named before.</summary>
    public bool IsTaken(string path) => Role(path) is not null;

    /// <summary>Names an output and checks it; the file is not touched.</summary>
    /// <param name="option">The option that names the file, for the message.</param>
    /// <param name="path">The file that will be written later.</param>
    /// <param name="isOwn">Whether an existing file was written by this program (<see cref="OwnFile"/>).</param>
    /// <exception cref="NotebookException">The file may not be replaced, or cannot be written.</exception>
    public void Require(string option, string path, Func<string, bool> isOwn)
    {
        if (Role(path) is { } role)
            throw new NotebookException($"{option}: '{path}' is {role}, and would be overwritten. Name another file.");
        if (FileStatus.DescribeSpecial(path) is { } special)
            throw new NotebookException($"{option}: '{path}' is {special}. Name a file.");
        WritableFile.Require(option, path);
        RequireOwn(option, path, isOwn);
        _taken.Add(($"also the file of {option}", path));
    }

    private string? Role(string path) =>
        _taken.Where(taken => SamePath.IsSame(path, taken.Path)).Select(taken => taken.Role).FirstOrDefault();

    private void RequireOwn(string option, string path, Func<string, bool> isOwn)
    {
        if (force || !File.Exists(path))
            return;
        try
        {
            // An empty file holds nothing that could be lost.
            if (new FileInfo(path).Length == 0 || isOwn(path))
                return;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new NotebookException($"{option}: '{path}' exists and cannot be read: {problem.Message} Name another file.");
        }

        throw new NotebookException($"{option}: '{path}' exists, and it is no earlier output of this program for {option}. "
            + "Name another file, or overwrite this one with --force.");
    }
}
