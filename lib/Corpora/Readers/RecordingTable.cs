using DeviceId.Foundation;
using Microsoft.VisualBasic.FileIO;

namespace DeviceId.Corpora;

/// <summary>
/// The user's own recordings, listed in a CSV file with the columns <c>file,device[,speaker,session]</c>, in any order, named in its first
/// line.
/// </summary>
/// <remarks>
/// Files are named from the table's folder on, or in full. Recordings of one session (the same words, or the same place and hour) never
/// stand on both sides of a split; without the column each file's name, without its ending, is its session, as in
/// <see cref="DeviceFolders"/>. Other columns are passed over.
/// </remarks>
internal static class RecordingTable
{
    private const string Layout = "The first line names the columns, file and device among them, and may name speaker and session: 'file,device,speaker,session'.";

    /// <summary>Whether a path is that of a table, be it there or not: it ends with .csv and is no folder.</summary>
    /// <param name="path">A file or a folder.</param>
    public static bool Recognises(string path) =>
        Path.GetExtension(path).Equals(".csv", StringComparison.OrdinalIgnoreCase) && !Directory.Exists(path);

    /// <summary>Reads every recording of the table once and makes the index.</summary>
    /// <param name="path">The table.</param>
    /// <param name="progress">Told after each file.</param>
    /// <exception cref="CorpusException">
    /// There is no table, it cannot be read, a line is wrong, or a device has no recording that can be read.
    /// </exception>
    public static Corpus Open(string path, IProgress<WorkProgress>? progress = null)
    {
        if (!File.Exists(path))
            throw new CorpusException($"There is no table '{path}'. Correct the path.");
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var files = Lines(path).Select(line => ToFile(path, folder, line)).ToList();
        if (files.Count == 0)
            throw new CorpusException($"The table '{path}' lists no recording. {Layout}");
        var twice = files.GroupBy(file => file.Path, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null)
            throw new CorpusException($"The table '{path}' lists '{twice.Key}' {twice.Count()} times: once is enough, and two devices cannot both have made it.");
        return CorpusReader.Read(Path.GetFileNameWithoutExtension(path), files, [], folder, [], progress);
    }

    private static RecordingFile ToFile(string table, string folder, (long Number, Dictionary<string, string> Fields) line)
    {
        string Required(string column) => line.Fields[column] is { Length: > 0 } value ? value
            : throw new CorpusException($"The table '{table}', line {line.Number}: the column '{column}' is empty.");
        var file = Required("file");
        if (file.Contains('\0', StringComparison.Ordinal))
            throw new CorpusException($"The table '{table}', line {line.Number}: the name of the file holds what no name can.");
        var session = line.Fields.GetValueOrDefault("session") is { Length: > 0 } named ? named : Path.GetFileNameWithoutExtension(file);
        return new RecordingFile(
            Path.GetFullPath(Path.Combine(folder, file)), Required("device"), SentenceName.Normalise(session),
                line.Fields.GetValueOrDefault("speaker") is { Length: > 0 } speaker ? speaker : null);
    }

    private static List<(long Number, Dictionary<string, string> Fields)> Lines(string path)
    {
        try
        {
            var written = File.ReadAllLines(path);
            using var parser = new TextFieldParser(new StringReader(string.Join('\n', written)))
            {
                TextFieldType = FieldType.Delimited,
                HasFieldsEnclosedInQuotes = true, TrimWhiteSpace = true
            };
            parser.SetDelimiters(",", ";", "\t");
            var columns = parser.ReadFields()?.Select(name => name.ToLowerInvariant()).ToArray() ?? [];
            foreach (var needed in new[] { "file", "device" })
                if (!columns.Contains(needed))
                    throw new CorpusException($"The table '{path}' has no column '{needed}'. {Layout}");
            if (columns.Distinct().Count() < columns.Length)
                throw new CorpusException($"The table '{path}' names a column twice. {Layout}");
            var lines = new List<(long, Dictionary<string, string>)>();
            while (!parser.EndOfData)
            {
                // The parser passes over blank lines without a word; people count them.
                var number = parser.LineNumber;
                while (string.IsNullOrWhiteSpace(written[number - 1]))
                    number++;
                var fields = parser.ReadFields() ?? [];
                if (fields.Length != columns.Length)
                    throw new CorpusException($"The table '{path}', line {number}: {fields.Length} fields where the first line names {columns.Length}. Put a field that holds a comma into double quotes.");
                lines.Add((number, columns.Zip(fields).ToDictionary(pair => pair.First, pair => pair.Second)));
            }

            return lines;
        }
        catch (MalformedLineException error)
        {
            throw new CorpusException($"The table '{path}', line {error.LineNumber}: quotes do not fit together.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CorpusException($"The table '{path}' cannot be read: {error.Message}");
        }
    }
}
