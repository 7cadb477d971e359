using System.Globalization;

namespace DeviceId.Notebooks.Jupyter;

/// <summary>An entry of Linux's process table, /proc.</summary>
/// <param name="Id">The process.</param>
/// <param name="Parent">The process that it belongs to.</param>
/// <param name="HasEnded">Whether it has ended, and only its parent has not asked for that yet.</param>
internal sealed record ProcessTable(int Id, int Parent, bool HasEnded)
{
    /// <summary>All processes.</summary>
    public static IEnumerable<ProcessTable> ReadAll() => Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
        .Where(id => id > 0).Select(Read).OfType<ProcessTable>();

    /// <summary>One process; null if there is none.</summary>
    public static ProcessTable? Read(int id)
    {
        try
        {
            // "ID (NAME) STATE PARENT …"; the name may contain spaces and parentheses.
            var text = File.ReadAllText($"/proc/{id}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return new(id, int.Parse(fields[1], CultureInfo.InvariantCulture), fields[0] is "Z" or "X");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Whether the process was started with an environment variable, or inherited it; false if that cannot be seen.</summary>
    public bool HasVariable(string name, string value)
    {
        try
        {
            return File.ReadAllText($"/proc/{Id}/environ").Split('\0').Contains($"{name}={value}");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
