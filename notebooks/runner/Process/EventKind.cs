namespace DeviceId.Notebooks.Process;

internal enum EventKind
{
    CellStarted,
    CellFinished,
    Text,
    Progress,
    Failed,
}
