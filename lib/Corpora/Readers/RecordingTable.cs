using DeviceId.Foundation;
using Microsoft.VisualBasic.FileIO;

namespace DeviceId.Corpora;

/// <summary>
/// The user's own recordings, listed in a CSV file with the columns <c>file,device[,speaker,session]</c> in any order. The first line names
/// the columns.
/// </summary>
/// <remarks>
/// File paths are absolute or relative to the folder of the table. Recordings of one session (the same words, or the same place and time)
/// are always on the same side of a split. Without a session, the file name without extension is used, as in <see cref="DeviceFolders"/>.
/// Other columns are ignored.
/// </remarks>
internal static class RecordingTable
{
    private const string Layout =
        "The first line names the columns: file and device, and optionally speaker and session, such as 'file,device,speaker,session'.";

    /// <summary>Whether a path denotes a table: it ends with .csv and is not a folder. The file need not exist.</summary>
    /// <param name="path">A file or a folder.</param>
    public static bool Recognises(string path) =>
        Path.GetExtension(path).Equals(".csv", StringComparison.OrdinalIgnoreCase) && !Directory.Exists(path);

    /// <summary>Reads every recording of the table once and creates the corpus.</summary>
    /// <param name="path">The table.</param>
    /// <param name="progress">Reports after each file.</param>
    /// <exception cref="CorpusException">
    /// The table does not exist or cannot be read, a line is wrong, or a device has no readable recordings.
    /// </exception>
    public static Corpus Open(string path, IProgress<WorkProgress>? progress = null)
    {
        if (!File.Exists(path))
            throw new CorpusException($"There is no table '{path}'. Correct the path.");
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var files = ReadLines(path).Select(line => ToFile(path, folder, line)).ToList();
        if (files.Count == 0)
            throw new CorpusException($"The table '{path}' lists no recordings. {Layout}");
        var duplicate = files.GroupBy(file => file.Path, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        if (duplicate is not null)
            throw new CorpusException($"The table '{path}' lists '{duplicate.Key}' {duplicate.Count()} times: list each file once, "
                + "with the device that recorded it.");
        return CorpusReader.Read(Path.GetFileNameWithoutExtension(path), files, [], folder, [], progress);
    }

    private static RecordingFile ToFile(string table, string folder, (long Number, Dictionary<string, string> Fields) line)
    {
        string Required(string column) => line.Fields[column] is { Length: > 0 } value ? value
            : throw new CorpusException($"The table '{table}', line {line.Number}: the column '{column}' is empty.");
        var file = Required("file");
        if (file.Contains('\0', StringComparison.Ordinal))
            throw new CorpusException($"The table '{table}', line {line.Number}: the file name contains an invalid character.");
        string? Optional(string column) => line.Fields.GetValueOrDefault(column) is { Length: > 0 } value ? value : null;
        var session = Optional("session") ?? Path.GetFileNameWithoutExtension(file);
        return new RecordingFile(
            Path.GetFullPath(Path.Combine(folder, file)), Required("device"), SentenceName.Normalise(session), Optional("speaker"));
    }

    private static List<(long Number, Dictionary<string, string> Fields)> ReadLines(string path)
    {
        try
        {
            var rawLines = TableText.ReadLines(path);
            using var parser = new TextFieldParser(new StringReader(string.Join('\n', rawLines)))
            {
                TextFieldType = FieldType.Delimited,
                HasFieldsEnclosedInQuotes = true,
                TrimWhiteSpace = true,
            };
            parser.SetDelimiters(",", ";", "\t");
            var columns = parser.ReadFields()?.Select(name => name.ToLowerInvariant()).ToArray() ?? [];
            foreach (var required in new[] { "file", "device" })
                if (!columns.Contains(required))
                    throw new CorpusException($"The table '{path}' has no column '{required}'. {Layout}");
            if (columns.Distinct().Count() < columns.Length)
                throw new CorpusException($"The table '{path}' names a column twice. {Layout}");
            var lines = new List<(long, Dictionary<string, string>)>();
            while (!parser.EndOfData)
            {
                // The parser skips blank lines; line numbers in messages include them.
                var number = parser.LineNumber;
                while (string.IsNullOrWhiteSpace(rawLines[number - 1]))
                    number++;
                var fields = parser.ReadFields() ?? [];
                if (fields.Length != columns.Length)
                    throw new CorpusException($"The table '{path}', line {number}: {fields.Length} fields, but the first line names "
                        + $"{columns.Length} columns. Put a field that contains a comma in double quotes.");
                lines.Add((number, columns.Zip(fields).ToDictionary(pair => pair.First, pair => pair.Second)));
            }

            return lines;
        }
        catch (MalformedLineException error)
        {
            throw new CorpusException($"The table '{path}', line {error.LineNumber}: quotation marks do not match.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CorpusException($"The table '{path}' cannot be read: {error.Message}");
        }
    }
}
