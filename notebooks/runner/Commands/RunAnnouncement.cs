using DeviceId.Notebooks.Engine;
using DeviceId.Notebooks.Format;
using DeviceId.Notebooks.Process;
using DeviceId.Notebooks.Report;
using DeviceId.Notebooks.Terminal;

namespace DeviceId.Notebooks.Commands;

/// <summary>What a run of notebooks says before it starts: what is run, on which recordings, and how long that will take.</summary>
internal sealed class RunAnnouncement
{
    /// <summary>What to do after a report of full size.</summary>
    public const string OfferExport = "open the report; all trials as one table: report --export results.csv";

    private readonly RunOptions _options;
    private readonly IReadOnlyList<(string Name, string Profile)> _sized;
    private readonly RunTimes _times = new(Repository.OwnTimes, Repository.CommittedTimes);
    private readonly string _data;
    private readonly bool _needsData;

    /// <param name="options">The options of the run.</param>
    /// <param name="notebooks">The notebooks with their names.</param>
    public RunAnnouncement(RunOptions options, IReadOnlyList<(string Name, NotebookFile File)> notebooks)
    {
        _options = options;
        _data = Given("data") ?? options.Found ?? "";
        _needsData = notebooks.Any(n => ParameterOverrides.Declared(n.File).ContainsKey("data"));
        _sized = [.. notebooks.Select(n => (n.Name, Given("profile") ?? ParameterOverrides.DefaultText(n.File, "profile")))
            .Where(n => n.Item2 is not null).Select(n => (n.Name, n.Item2!))];
        var profiles = string.Join(", ", _sized.Select(n => n.Profile).Distinct());
        Subject = Digest.Count(notebooks.Count, "notebook") + (profiles.Length > 0 ? $", size {profiles}" : "")
            + (!_needsData ? "" : _data.Length > 0 ? $", recordings of {Path.GetFileName(Path.TrimEndingDirectorySeparator(_data))}"
                : ", simulated recordings");
    }

    /// <summary>"10 notebooks, size quick, simulated recordings".</summary>
    public string Subject { get; }

    /// <summary>What to do after the run, if all went well.</summary>
    public string Next => _needsData && _data.Length == 0
        ? "open the report; for real recordings: --data DIR (data/README.md says where they are)"
        : _sized.Any(n => n.Profile.Split('-')[0] is "smoke" or "quick")
            ? "open the report; for every held-out sentence: --profile standard (it can be stopped and goes on)" : OfferExport;

    /// <summary>The first lines on the screen.</summary>
    public IEnumerable<string> Lines()
    {
        yield return IsMeasured ? $"{Subject}: {_times.Describe([.. _sized.Select(Key)])}." : $"{Subject}.";
        if (_needsData && _data.Length == 0)
            yield return "No recordings found: running on the simulated corpus; "
                + "for real recordings: dotnet run --project notebooks/runner -- --data DIR";
    }

    /// <summary>Keeps how long the notebooks took that ran to their end.</summary>
    public void KeepTimes(IReadOnlyList<NotebookResult> results)
    {
        if (!IsMeasured)
            return;
        foreach (var sized in _sized)
            if (results.FirstOrDefault(r => r.Name == sized.Name) is { ExitCode: ExitCode.Success } result)
                _times.Add(Key(sized), result.Elapsed);
        _times.Save();
    }

    /// <summary>Only the workbench's own notebooks, as they are: with other parameters or another engine they take another time.</summary>
    private bool IsMeasured => _sized.Count > 0 && !_options.IsReferee
        && _options.Set.Keys.All(name => name is "data" or "profile" or "device")
        && _options.Notebooks.All(path => SamePath.IsSame(Path.GetDirectoryName(path)!, Repository.NotebookFolder));

    private string Key((string Name, string Profile) notebook) => RunTimes.Key(notebook.Name, notebook.Profile, _data);

    private string? Given(string name) => _options.Set.GetValueOrDefault(name) ?? _options.Given.GetValueOrDefault(name);
}
