namespace DeviceId.Notebooks.Process;

/// <summary>What the runner's process ends with.</summary>
internal static class ExitCode
{
    public const int Success = 0;
    public const int CellFailed = 1;
    public const int WrongUsage = 2;

    /// <summary>128 + SIGINT, as shells say it.</summary>
    public const int Interrupted = 130;
}
