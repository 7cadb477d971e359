using System.ComponentModel;
using System.Globalization;

namespace DeviceId.Notebooks.Process;

/// <summary>
/// Ends the processes that the cells of a notebook have left behind. On Linux they are found by the environment that they inherited,
/// whatever group, session or parent they have now, and as descendants of the notebook's process. Not found is a process that has both lost
/// its parent and been given another environment (sudo, env -i), or that belongs to another user. Other systems do not show a process's
/// environment: there only the descendants of a process that is killed are ended with it.
/// </summary>
internal static class LeftBehind
{
    /// <summary>The environment variable that marks the processes of one notebook, or of one kernel.</summary>
    public const string Variable = "DEVICEID_NOTEBOOK";

    private const int Rounds = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Ends all processes marked with a key, and all descendants of this process that have none, but not this process.</summary>
    /// <param name="key">The value of <see cref="Variable"/>.</param>
    public static void Kill(string key)
    {
        if (!OperatingSystem.IsLinux() || key.Length == 0)
            return;
        // Until none is found: one may start another before it ends.
        for (var round = 0; round < Rounds && Find($"{Variable}={key}") is { Count: > 0 } found; round++)
        {
            found.ForEach(KillOne);
            Thread.Sleep(Pause);
        }
    }

    /// <summary>Ends a process and its descendants.</summary>
    public static void KillTree(System.Diagnostics.Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception problem) when (problem is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has already ended, or one of its children has or belongs to another user.
        }
    }

    private static List<int> Find(string mark)
    {
        var parents = Directory.GetDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0)
            .Select(id => (Id: id, Parent: Parent(id)))
            .Where(p => p.Parent > 0)
            .ToDictionary(p => p.Id, p => p.Parent);
        var isNotebook = $"{Variable}={Environment.GetEnvironmentVariable(Variable)}" == mark;
        return [.. parents.Keys.Where(id => id != Environment.ProcessId && (HasMark(id, mark) || (isNotebook && IsDescendant(id))))];

        bool IsDescendant(int id)
        {
            // A parent may have ended and its number been given again while the list was made: no endless loop then.
            for (var steps = 0; steps < parents.Count && parents.TryGetValue(id, out var parent); steps++, id = parent)
            {
                if (parent == Environment.ProcessId)
                    return true;
            }

            return false;
        }
    }

    /// <summary>The parent's number; 0 if the process has ended.</summary>
    private static int Parent(int id)
    {
        // "1234 (name) S 1200 ...": the name may hold spaces and brackets. Z is a process that has ended.
        var stat = Read(id, "stat");
        var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields is [not "Z" and not "X", var parent, ..] ? int.Parse(parent, CultureInfo.InvariantCulture) : 0;
    }

    private static bool HasMark(int id, string mark) => Read(id, "environ").Split('\0').Contains(mark);

    private static string Read(int id, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/{file}");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return ""; // it has ended, or belongs to another user
        }
    }

    private static void KillOne(int id)
    {
        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(id);
            process.Kill();
        }
        catch (Exception problem) when (problem is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // It has ended, or belongs to another user.
        }
    }
}
