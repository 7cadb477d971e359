namespace DeviceId.Notebooks.Process;

internal enum EventKind
{
    CellStarted,
    CellFinished,
    Text,
    Shown,
    Replaced,
    Failed,

    /// <summary>The last event of the process: the number of cells that ended as they should.</summary>
    Finished,
}
