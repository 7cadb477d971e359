namespace DeviceId.Notebooks.Report;

/// <summary>The outcome of one notebook.</summary>
/// <param name="Name">File name without extension.</param>
/// <param name="Executed">Path of the executed copy.</param>
/// <param name="ExitCode">An <see cref="Process.ExitCode"/>, or that of a crash.</param>
/// <param name="Elapsed">Wall-clock time.</param>
/// <param name="PeakBytes">Peak memory of the notebook's process.</param>
internal sealed record NotebookResult(string Name, string Executed, int ExitCode, TimeSpan Elapsed, long PeakBytes)
{
    public string Status => ExitCode switch
    {
        Process.ExitCode.Success => "ok",
        Process.ExitCode.CellFailed => "failed",
        Process.ExitCode.Interrupted => "stopped",
        _ => $"crashed (exit code {ExitCode})",
    };
}
