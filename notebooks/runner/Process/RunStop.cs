using System.Runtime.InteropServices;

namespace DeviceId.Notebooks.Process;

/// <summary>
/// Turns Ctrl-C, SIGTERM and the end of the terminal into a request to stop: the running cell may end within the grace period, and what it
/// has shown is saved. A second signal, or SIGQUIT, lets it no time. No signal ends the runner before it has saved.
/// </summary>
internal sealed class RunStop : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _kill = new();
    private readonly PosixSignalRegistration[] _registered;

    public RunStop()
    {
        PosixSignal[] signals = [.. StopSignals.All, PosixSignal.SIGQUIT];
        _registered = Array.ConvertAll(signals, signal => PosixSignalRegistration.Create(signal, Receive));
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>Cancelled by the second signal: end now.</summary>
    public CancellationToken Kill => _kill.Token;

    public void Dispose()
    {
        Array.ForEach(_registered, registration => registration.Dispose());
        _stop.Dispose();
        _kill.Dispose();
    }

    private void Receive(PosixSignalContext context)
    {
        context.Cancel = true;
        // Closing a terminal can send SIGHUP twice: by the terminal and by the shell.
        if (context.Signal == PosixSignal.SIGQUIT || (_stop.IsCancellationRequested && context.Signal != PosixSignal.SIGHUP))
            _kill.Cancel();
        _stop.Cancel();
    }
}
