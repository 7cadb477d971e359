using DeviceId.Foundation;
using DeviceId.Reporting;

namespace DeviceId.Notebooks.Commands;

/// <summary>Collects answers and failures and writes them as JSON and CSV, also from the handler of Ctrl+C.</summary>
internal sealed class IdentifyResults(IdentifyOptions options, string modelFingerprint)
{
    private const string NotReached = "not identified: the run was stopped before it was finished.";
    private const int ShownNames = 20;

    private readonly Lock _lock = new();
    private readonly List<IdentificationRecord> _answers = [];
    private readonly List<IdentificationFailure> _failures = [];
    private readonly List<string> _unwritten = [];

    /// <summary>Whether a recording got no answer, or a result could not be written.</summary>
    public bool HasFailures => _failures.Count + _unwritten.Count > 0;

    /// <summary>Keeps an answer.</summary>
    public void Add(IdentificationRecord answer)
    {
        lock (_lock)
            _answers.Add(answer);
    }

    /// <summary>Keeps a recording without an answer, and prints it.</summary>
    public void Add(IdentificationFailure failure)
    {
        Console.Error.WriteLine($"{failure.File}: {failure.Reason}");
        lock (_lock)
            _failures.Add(failure);
    }

    /// <summary>Keeps a recording that the run did not come to.</summary>
    public void AddNotReached(string file)
    {
        lock (_lock)
            _failures.Add(new IdentificationFailure(file, NotReached));
    }

    /// <summary>Prints that a recording has an answer, but not its page.</summary>
    public void AddUnwritten(IdentificationFailure failure)
    {
        Console.Error.WriteLine($"{failure.File}: {failure.Reason}");
        _unwritten.Add(failure.File);
    }

    /// <summary>Writes what is there; a file that cannot be written does not cost the other.</summary>
    /// <param name="isComplete">False if the run was stopped.</param>
    public void Write(bool isComplete)
    {
        lock (_lock)
        {
            var document = IdentificationDocument.Create(options.Model, modelFingerprint, isComplete, _answers, _failures);
            Write(options.Json, document.ToJson);
            Write(options.Csv, document.ToCsv);
        }
    }

    /// <summary>Prints what got no answer: the reasons stand among the answers, perhaps far above.</summary>
    public void Summarise()
    {
        if (_failures.Count == 0)
            return;
        var names = string.Join(", ", _failures.Take(ShownNames).Select(failure => failure.File));
        var more = _failures.Count > ShownNames ? $", and {_failures.Count - ShownNames} more" : "";
        Console.Error.WriteLine(
            $"{_failures.Count} of {SentenceList.Count(_failures.Count + _answers.Count, "recording")} got no answer: {names}{more}");
    }

    private void Write(string? path, Func<string> text)
    {
        if (path is null)
            return;
        try
        {
            AtomicFile.WriteText(path, text());
            Console.WriteLine($"written: {path}");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"{path}: not written: {FailureReason.Describe(problem)}");
            _unwritten.Add(path);
        }
    }
}
