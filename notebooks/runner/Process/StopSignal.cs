using System.Runtime.InteropServices;

namespace DeviceId.Notebooks.Process;

/// <summary>
/// Turns Ctrl-C, SIGTERM and the end of the terminal into a cancellation, so that the work saves its state and ends; a second signal ends
/// the process at once.
/// </summary>
internal sealed class StopSignal : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _registered;

    /// <param name="message">Printed when the first signal arrives.</param>
    public StopSignal(string message)
    {
        void Cancel(PosixSignalContext context)
        {
            if (_stop.IsCancellationRequested)
                return;
            context.Cancel = true;
            _stop.Cancel();
            Say(message);
        }

        _registered = [.. StopSignals.All.Select(signal => PosixSignalRegistration.Create(signal, Cancel))];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _stop.Token;

    public void Dispose()
    {
        Array.ForEach(_registered, registration => registration.Dispose());
        _stop.Dispose();
    }

    private static void Say(string message)
    {
        try
        {
            Console.WriteLine(message);
        }
        catch (IOException)
        {
            // The terminal is closed.
        }
    }
}
