using System.Text.Json;

namespace DeviceId.Foundation;

/// <summary>Reads results stored as JSON files, which may have been edited or damaged.</summary>
internal static class StoredResult
{
    /// <summary>
    /// Environment variable with a file to which the path of each result that is used is appended: whoever publishes a notebook says from
    /// which results its outputs were made.
    /// </summary>
    public const string ListVariable = "DEVICEID_RESULTS_READ";

    /// <summary>Reads a result; null if the file is missing or cannot be used.</summary>
    /// <param name="path">The file.</param>
    /// <param name="problem">Returns why a parsed result cannot be used, or null if it can.</param>
    /// <param name="damaged">Receives a sentence for a file that exists but cannot be used.</param>
    public static T? Read<T>(string path, Func<T, string?> problem, ICollection<string> damaged)
        where T : class
    {
        if (!File.Exists(path))
            return null;
        string? reason;
        try
        {
            var result = Json.Read<T>(File.ReadAllText(path));
            reason = problem(result);
            if (reason is null)
            {
                AddToList(path);
                return result;
            }
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException or NotSupportedException)
        {
            reason = error.Message;
        }

        var line = $"{path}: this stored result cannot be used ({reason}); it is computed again.";
        if (!damaged.Contains(line))
            damaged.Add(line);
        return null;
    }

    /// <summary>Reads the first usable result of a name in several folders; null if there is none.</summary>
    /// <param name="folders">The folders, in the order of preference.</param>
    /// <param name="fileName">Name of the file in each folder.</param>
    /// <param name="problem">Returns why a parsed result cannot be used, or null if it can.</param>
    /// <param name="damaged">Receives a sentence for each file that exists but cannot be used.</param>
    public static T? First<T>(IEnumerable<string> folders, string fileName, Func<T, string?> problem, ICollection<string> damaged)
        where T : class =>
        folders.Select(folder => Read(Path.Combine(folder, fileName), problem, damaged)).FirstOrDefault(result => result is not null);

    private static void AddToList(string path)
    {
        if (Environment.GetEnvironmentVariable(ListVariable) is { Length: > 0 } list)
            File.AppendAllText(list, Path.GetFullPath(path) + "\n");
    }
}
