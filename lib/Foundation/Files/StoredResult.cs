using System.Text.Json;

namespace DeviceId.Foundation;

/// <summary>Results that are kept as JSON files, which anybody may have changed.</summary>
internal static class StoredResult
{
    /// <summary>Reads a result; null when there is none, or none that can be used.</summary>
    /// <param name="path">The file.</param>
    /// <param name="problem">Why a result that could be read cannot be used; null when it can.</param>
    /// <param name="damaged">A file that is there and cannot be used is named here, with the reason.</param>
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
                return result;
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
}
