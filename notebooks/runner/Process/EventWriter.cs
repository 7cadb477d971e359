namespace DeviceId.Notebooks.Process;

/// <summary>
/// Sends events to the parent. An event is in the pipe before the cell goes on: whatever ends this process then, the parent gets it.
/// </summary>
/// <param name="pipe">The pipe to the parent.</param>
/// <param name="lost">Called when the parent has ended.</param>
internal sealed class EventWriter(Stream pipe, Action lost)
{
    private const int MeasuringInterval = 100;

    private readonly Lock _gate = new();
    private long _measured = long.MinValue / 2;

    public void Send(NotebookEvent e)
    {
        try
        {
            lock (_gate)
                pipe.Write((IsDue(e.Kind) ? e with { PeakBytes = PeakBytes() } : e).ToLine());
        }
        catch (IOException)
        {
            lost();
        }
    }

    private bool IsDue(EventKind kind) =>
        kind is EventKind.CellFinished or EventKind.Finished || Environment.TickCount64 - _measured >= MeasuringInterval;

    // Reading it costs much more than sending a line of text.
    private long PeakBytes()
    {
        _measured = Environment.TickCount64;
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
