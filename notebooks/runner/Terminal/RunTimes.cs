using System.Globalization;
using System.Text.Json;
using DeviceId.Notebooks.Format;

namespace DeviceId.Notebooks.Terminal;

/// <summary>How long each notebook took at a size on a corpus: the last measurement of this machine, else the committed one.</summary>
internal sealed class RunTimes
{
    private const string Simulated = "simulated";

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly SortedDictionary<string, Measurement> _own;
    private readonly SortedDictionary<string, Measurement> _committed;
    private readonly string _path;

    /// <param name="path">The measurements of this machine; the file need not exist.</param>
    /// <param name="committed">Measurements that came with the repository; the file need not exist.</param>
    public RunTimes(string path, string committed) => (_path, _own, _committed) = (path, Read(path), Read(committed));

    /// <summary>Names what is measured.</summary>
    /// <param name="notebook">Name of the notebook.</param>
    /// <param name="profile">Name of the profile.</param>
    /// <param name="data">Folder of the recordings; empty for the simulated corpus.</param>
    public static string Key(string notebook, string profile, string data) =>
        $"{notebook}, {profile}, {(data.Length == 0 ? Simulated : Path.GetFileName(Path.TrimEndingDirectorySeparator(data)))}";

    /// <summary>How long a run will take, as far as measured: "about 9 minutes (measured on 2 cores on 2026-11-30)".</summary>
    /// <param name="keys">What is to be run.</param>
    public string Describe(IReadOnlyCollection<string> keys)
    {
        var known = keys.Select(Find).OfType<Measurement>().ToList();
        if (known.Count == 0)
            return "how long this takes has not been measured yet";
        var time = Duration.Rough(TimeSpan.FromSeconds(known.Sum(measured => measured.Seconds)));
        var part = known.Count < keys.Count ? $" for {known.Count} of them, the others have not been measured" : "";
        var machine = $"{known.Min(measured => measured.Cores)} cores on {known.Min(measured => measured.Date)}";
        return $"about {time}{part} (measured on {machine}; less where results are stored)";
    }

    /// <summary>Keeps a measurement.</summary>
    public void Add(string key, TimeSpan time) => _own[key] = new Measurement(
        Math.Round(time.TotalSeconds, 1), DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), Environment.ProcessorCount);

    /// <summary>Writes the measurements of this machine. If that is not possible, the next run only knows less.</summary>
    public void Save()
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            WholeFile.Write(_path, JsonSerializer.Serialize(_own, Format) + "\n");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // As said above.
        }
    }

    private Measurement? Find(string key) => _own.GetValueOrDefault(key) ?? _committed.GetValueOrDefault(key);

    private static SortedDictionary<string, Measurement> Read(string path)
    {
        var all = new SortedDictionary<string, Measurement>(StringComparer.Ordinal);
        try
        {
            var text = File.Exists(path) ? File.ReadAllText(path) : "{}";
            foreach (var (key, value) in JsonSerializer.Deserialize<Dictionary<string, Measurement?>>(text, Format) ?? [])
                if (value is { Seconds: > 0, Date: not null })
                    all[key] = value;
        }
        catch (Exception problem) when (problem is JsonException or IOException or UnauthorizedAccessException)
        {
            // A damaged file is replaced by the next measurement.
        }

        return all;
    }

    /// <summary>One measurement.</summary>
    /// <param name="Seconds">Wall-clock time.</param>
    /// <param name="Date">Date (UTC), such as 2026-11-30.</param>
    /// <param name="Cores">Processors of the machine.</param>
    private sealed record Measurement(double Seconds, string Date, int Cores);
}
