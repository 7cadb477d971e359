using System.Text;
using DeviceId.Foundation;
using DeviceId.Identification;
using DeviceId.Notebooks.Format;
using DeviceId.Reporting;

namespace DeviceId.Notebooks.Commands;

/// <summary>
/// Names the pages of recordings: "name.wav.html"; if that page is about another recording, "name.wav-1a2b3c4d.html". The same recording
/// again replaces its own page, and no page replaces that of another run or folder.
/// </summary>
/// <param name="folder">Folder of the pages.</param>
/// <param name="outputs">Inputs and other outputs, which no page may replace.</param>
/// <param name="force">Whether a page may replace a file that this program did not write.</param>
internal sealed class PageFiles(string folder, OutputFiles outputs, bool force)
{
    private const string Extension = ".html";
    private const int HashDigits = 8;

    // The name without its hash: room for the hash and the extension.
    private const int MaxBytes = WritableFile.MaxNameBytes - 1 - HashDigits - 5;

    private static readonly HashSet<char> Invalid = [.. Path.GetInvalidFileNameChars()];

    // In this run, pages are not recognised by their content: a second recording of one run never replaces the first.
    private readonly Dictionary<string, string> _written = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The path of a recording's page.</summary>
    /// <param name="label">File name of the recording, and its channel if each is asked about.</param>
    /// <param name="questioned">The recording.</param>
    /// <exception cref="NotebookException">Both names are taken by files that this program did not write.</exception>
    public string Choose(string label, QuestionedRecording questioned)
    {
        var subject = IdentificationPage.Subject(questioned);
        var name = Shorten(label);
        string[] names = [name, $"{name}-{subject[..HashDigits]}"];
        var path = names.Select(n => Path.Combine(folder, n + Extension)).FirstOrDefault(path => MayWrite(path, subject))
            ?? throw new NotebookException($"its page was not written: '{Path.Combine(folder, names[1] + Extension)}' exists, and this "
                + "program did not write it. Name another folder with --report.");
        _written[path] = subject;
        return path;
    }

    /// <summary>A name that the file system takes: at most <see cref="MaxBytes"/>, a longer one ends with a hash of all of it.</summary>
    internal static string Shorten(string name)
    {
        var valid = string.Concat(name.Select(c => Invalid.Contains(c) ? '_' : c));
        if (Encoding.UTF8.GetByteCount(valid) <= MaxBytes)
            return valid;
        var kept = new StringBuilder();
        var bytes = 0;
        foreach (var rune in valid.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > MaxBytes - 1 - HashDigits)
                break;
            kept.Append(rune.ToString());
        }

        return $"{kept}-{ContentHash.HashText(name)[..HashDigits]}";
    }

    private bool MayWrite(string path, string subject)
    {
        if (_written.TryGetValue(path, out var written))
            return written == subject;
        if (Directory.Exists(path) || outputs.IsTaken(path))
            return false;
        return !File.Exists(path) || OwnFile.IsPageAbout(path, subject) || (force && !OwnFile.IsPage(path));
    }
}
