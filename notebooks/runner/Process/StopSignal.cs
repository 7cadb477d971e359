using System.Runtime.InteropServices;

namespace DeviceId.Notebooks.Process;

/// <summary>
/// Ctrl+C and SIGTERM as a cancellation: the work keeps its state and ends by itself; a second signal ends the process at once.
/// </summary>
internal sealed class StopSignal : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;

    /// <param name="sentence">Printed when a signal comes.</param>
    public StopSignal(string sentence)
    {
        void Cancel(PosixSignalContext context)
        {
            if (_stop.IsCancellationRequested)
                return;
            context.Cancel = true;
            Console.WriteLine(sentence);
            _stop.Cancel();
        }

        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
    }

    /// <summary>Set by the first signal.</summary>
    public CancellationToken Token => _stop.Token;

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _stop.Dispose();
    }
}
