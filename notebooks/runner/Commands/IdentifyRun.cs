using DeviceId.Audio;
using DeviceId.Corpora;
using DeviceId.Foundation;
using DeviceId.Identification;
using DeviceId.Notebooks.Format;
using DeviceId.Notebooks.Process;
using DeviceId.Reporting;

namespace DeviceId.Notebooks.Commands;

/// <summary>Identifies recordings with a model: prints the answers, writes pages, JSON and CSV.</summary>
internal sealed class IdentifyRun
{
    private readonly IdentifyOptions _options;
    private readonly PhoneModel _model;
    private readonly string _fingerprint;
    private readonly List<IdentificationRecord> _records = [];
    private readonly List<string> _failed = [];
    private readonly HashSet<string> _pages = new(StringComparer.OrdinalIgnoreCase);

    private IdentifyRun(IdentifyOptions options, PhoneModel model) =>
        (_options, _model, _fingerprint) = (options, model, ContentHash.HashFile(options.Model));

    /// <summary>Checks the options and runs.</summary>
    /// <returns>0, or 1 if a recording could not be read or a folder holds none; the others are still identified.</returns>
    /// <exception cref="NotebookException">The model or an option cannot be used.</exception>
    public static int Start(IdentifyOptions options)
    {
        try
        {
            if (!File.Exists(options.Model))
                throw new NotebookException($"There is no model '{options.Model}'. "
                    + "Make one with 'train --recordings DIR --model FILE', or name another with --model.");
            RequireWritable(options);
            using var model = PhoneModel.Load(options.Model, ComputeDevice.Choose(options.Device));
            return new IdentifyRun(options, model).Run();
        }
        catch (Exception problem) when (problem is ModelFileException or CorpusException or ArgumentException)
        {
            throw new NotebookException(problem.Message);
        }
    }

    private static void RequireWritable(IdentifyOptions options)
    {
        var page = options.Report is { } folder ? Path.Combine(folder, "page.html") : null;
        foreach (var (option, path) in new[] { ("--json", options.Json), ("--csv", options.Csv), ("--report", page) })
        {
            if (path is not null)
                WritableFile.Require(option, path);
        }
    }

    private int Run()
    {
        foreach (var file in _options.Files.SelectMany(Expand))
        {
            try
            {
                Report(QuestionedRecording.Identify(_model, file));
            }
            catch (AudioException problem)
            {
                AddFailure(file, problem);
            }
        }

        if (_options.Json is { } json)
            Write(json, IdentificationRecord.ToJson(_records));
        if (_options.Csv is { } csv)
            Write(csv, IdentificationRecord.ToCsv(_records));
        if (_failed.Count == 0)
            return ExitCode.Success;
        // The reasons are printed among the answers, perhaps far above.
        Console.Error.WriteLine(
            $"{_failed.Count} of {_failed.Count + _records.Count} recordings got no answer: {string.Join(", ", _failed)}");
        return ExitCode.CellFailed;
    }

    private void AddFailure(string path, Exception problem)
    {
        Console.Error.WriteLine(problem.Message);
        _failed.Add(path);
    }

    private void Report(QuestionedRecording questioned)
    {
        var words = new IdentificationText(_model, questioned, _options.Asked, _options.FalseAlarms);
        Console.WriteLine($"{questioned.Path}: {words.Answer}");
        foreach (var sentence in words.Sentences)
            Console.WriteLine($"  {sentence}");
        foreach (var warning in questioned.Warnings)
            Console.WriteLine($"  ! {warning}");
        _records.Add(IdentificationRecord.From(_model, _fingerprint, questioned, _options.FalseAlarms));
        if (_options.Report is { } folder)
            Write(PagePath(folder, questioned.Path),
                IdentificationPage.Write(_model, _fingerprint, questioned, _options.Asked, _options.FalseAlarms));
    }

    /// <summary>The path of a page; recordings of the same name from two folders get two pages.</summary>
    private string PagePath(string folder, string recording)
    {
        var name = Path.GetFileName(recording);
        for (var i = 2; !_pages.Add(name); i++)
            name = $"{Path.GetFileName(recording)} {i}";
        return Path.Combine(folder, name + ".html");
    }

    private static void Write(string path, string text)
    {
        AtomicFile.WriteText(path, text);
        Console.WriteLine($"  written: {path}");
    }

    /// <summary>
    /// The recordings of a folder, or the file itself. A folder without recordings counts as one recording without an answer, so that the
    /// others are still identified.
    /// </summary>
    private IEnumerable<string> Expand(string path)
    {
        try
        {
            return Directory.Exists(path)
                ? AudioFolder.List(path, "A folder of questioned recordings holds them directly or in subfolders.").Audio
                : [path];
        }
        catch (Exception problem) when (problem is CorpusException or IOException or UnauthorizedAccessException)
        {
            AddFailure(path, problem);
            return [];
        }
    }
}
