namespace DeviceId.Notebooks.Report;

/// <summary>The outcome of one notebook.</summary>
/// <param name="Name">File name without extension.</param>
/// <param name="Executed">Path of the executed copy; null if there is none, because the run was stopped before.</param>
/// <param name="ExitCode">An <see cref="Process.ExitCode"/>.</param>
/// <param name="Elapsed">Wall-clock time.</param>
/// <param name="PeakBytes">Peak memory of the notebook's process.</param>
/// <param name="Said">The outcome in words, if there is more to say than the exit code does.</param>
internal sealed record NotebookResult(
    string Name, string? Executed, int ExitCode, TimeSpan Elapsed, long PeakBytes, string? Said = null)
{
    public string Status => Said ?? ExitCode switch
    {
        Process.ExitCode.Success => "ok",
        Process.ExitCode.CellFailed => "failed",
        Process.ExitCode.Interrupted => "stopped",
        _ => $"crashed (exit code {ExitCode})",
    };
}
