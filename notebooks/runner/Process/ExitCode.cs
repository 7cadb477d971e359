namespace DeviceId.Notebooks.Process;

/// <summary>Exit codes of the runner.</summary>
internal static class ExitCode
{
    public const int Success = 0;
    public const int CellFailed = 1;
    public const int WrongUsage = 2;

    /// <summary>Nothing failed, but a notebook or a cell of another language was not run.</summary>
    public const int NotRun = 3;

    /// <summary>128 + SIGINT, the convention of shells.</summary>
    public const int Interrupted = 130;
}
