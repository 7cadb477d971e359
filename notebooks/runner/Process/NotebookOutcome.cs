using DeviceId.Notebooks.Format;

namespace DeviceId.Notebooks.Process;

/// <summary>
/// How the process of a notebook ended. It is a success only if the process has reported that every cell ended as it should.
/// </summary>
/// <param name="Code">An <see cref="ExitCode"/>.</param>
/// <param name="Status">The outcome in words.</param>
/// <param name="Error">The error to add to the cell that was running: it could not report one itself.</param>
internal sealed record NotebookOutcome(int Code, string Status, Output.Error? Error = null)
{
    private const int Signals = 128;

    private static readonly string[] FatalLines = ["Unhandled exception.", "Stack overflow", "Process terminated.", "Fatal error."];

    /// <summary>Judges the end of a notebook, adds the error that its process could not report, and saves the copy.</summary>
    /// <param name="record">What the process has reported.</param>
    /// <param name="exitCode">The process's exit code; null if the runner killed it.</param>
    /// <param name="isStopped">Whether it was asked to stop.</param>
    /// <param name="received">Receives the added error as an event.</param>
    public static NotebookOutcome Conclude(NotebookRecord record, int? exitCode, bool isStopped, Action<NotebookEvent> received)
    {
        var outcome = Conclude(record, exitCode, isStopped);
        if (outcome.Error is { } error)
        {
            record.Fail(error);
            received(new NotebookEvent(EventKind.Failed, record.Last?.Number ?? 0, Error: error));
        }

        record.Save();
        return outcome;
    }

    /// <param name="record">What the process has reported.</param>
    /// <param name="exitCode">The process's exit code; null if the runner killed it, because it did not end by itself.</param>
    /// <param name="isStopped">Whether it was asked to stop.</param>
    public static NotebookOutcome Conclude(NotebookRecord record, int? exitCode, bool isStopped)
    {
        var all = record.Plan.ToRun.Count;
        var isComplete = record.FinalCount == all && record.Finished == all;
        if (isComplete && exitCode == ExitCode.Success)
            return Complete(record.Plan);
        var place = Place(record);
        if (isStopped)
            return new(ExitCode.Interrupted, "stopped " + place, record.HasFailed || record.Running is null ? null : Stopped(record));
        if (isComplete && exitCode is null)
            return new(ExitCode.CellFailed, "its cells ended, but its process did not end by itself and was killed");
        if (isComplete)
            return new(ExitCode.CellFailed, $"crashed after its last cell: {Describe(exitCode, record)}");
        if (record.FinalCount is not null && record.HasFailed)
            return new(exitCode == ExitCode.Interrupted ? ExitCode.Interrupted : ExitCode.CellFailed,
                (exitCode == ExitCode.Interrupted ? "stopped " : "failed ") + place);
        var reason = Describe(exitCode, record);
        return new(ExitCode.CellFailed, $"{(exitCode == 0 ? "ended early" : "crashed")} {place}: {reason}", Ended(record, reason));
    }

    private static NotebookOutcome Complete(RunPlan plan)
    {
        var tagged = plan.Tagged.Count == 0 ? "" : $" ({RunPlan.Describe(plan.Tagged)} not run: tagged {Cell.SkipTag})";
        return plan.Foreign.Count == 0 ? new(ExitCode.Success, "ok" + tagged)
            : new(ExitCode.NotRun, $"not run in part: {RunPlan.Describe(plan.Foreign)}{tagged}");
    }

    private static string Place(NotebookRecord record)
    {
        if (record.Last is not { } cell)
            return "before the first cell";
        var where = record.Running is null && !record.HasFailed ? "after" : "in";
        return $"{where} {cell.Name} of {record.Plan.Cells.Count}";
    }

    private static Output.Error Stopped(NotebookRecord record)
    {
        var message = $"{record.Last?.Name}: stopped by the user";
        return new("Interrupted", message, [message]);
    }

    private static Output.Error Ended(NotebookRecord record, string reason)
    {
        var rest = record.Last?.Number < record.Plan.Cells.Count ? "; the cells after it were not run" : "";
        var message = $"{record.Last?.Name}: {reason}{rest}";
        return new("ProcessEnded", message, [message]);
    }

    private static string Describe(int? exitCode, NotebookRecord record)
    {
        var said = record.NativeErrors.Split('\n').Select(line => line.Trim())
            .FirstOrDefault(line => FatalLines.Any(start => line.StartsWith(start, StringComparison.Ordinal)));
        var end = exitCode switch
        {
            null => "the notebook's process did not end by itself and was killed",
            0 => "the notebook's process ended with exit code 0, as by Environment.Exit(0)",
            Signals + 9 => "the notebook's process was killed (SIGKILL): by a user, or by the system for lack of memory",
            Signals + 6 => "the notebook's process crashed (SIGABRT)",
            Signals + 11 => "the notebook's process crashed in native code (SIGSEGV)",
            _ => $"the notebook's process ended with exit code {exitCode}",
        };
        return said is null ? end : $"{end}: {said.TrimEnd('.')}";
    }
}
