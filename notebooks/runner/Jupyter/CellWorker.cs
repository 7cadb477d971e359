using System.Collections.Concurrent;
using DeviceId.Notebooks.Engine;

namespace DeviceId.Notebooks.Jupyter;

/// <summary>
/// Runs cells one after the other on a thread of its own, and stops one that is asked to: first by its cancellation token, which ends all
/// work that reports progress; a cell that does not listen is broken off where it stands. Variables of earlier cells stay. (What follows an
/// await runs on a pool thread: there only waiting is broken off, and an endless computation goes on unseen until the kernel is restarted.)
/// </summary>
internal sealed class CellWorker(ScriptEngine engine) : IDisposable
{
    // What ends by itself within this time has closed its files.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly BlockingCollection<Action> _work = [];
    private readonly Lock _gate = new();
    private CancellationTokenSource? _running;
    private bool _brokenOff;

    /// <summary>Begins to take work, until <see cref="Dispose"/>.</summary>
    public void Start() => new Thread(Serve) { IsBackground = true }.Start();

    /// <summary>Puts an action into the queue.</summary>
    public void Post(Action action)
    {
        if (!_work.IsAddingCompleted)
            _work.Add(action);
    }

    /// <summary>Asks the running cell to stop; nothing happens where none runs.</summary>
    public void Interrupt()
    {
        lock (_gate)
            _running?.Cancel();
    }

    /// <summary>Runs a cell to its end, its failure or its interruption; called by an action of the queue.</summary>
    public ScriptException? Execute(string source, string name, CellOutputs outputs)
    {
        using var asked = new CancellationTokenSource();
        using var force = new CancellationTokenSource();
        using var grace = asked.Token.Register(() => force.CancelAfter(Grace));
        lock (_gate)
            _running = asked;
        try
        {
            ScriptException? problem = null;
            StoppableRun.Run(() => problem = CellExecution.RunAsync(engine, source, name, outputs, asked.Token).GetAwaiter().GetResult(),
                force.Token);
            return problem;
        }
        catch (OperationCanceledException)
        {
            _brokenOff = true;
            var interrupted = ScriptException.Interrupted(name);
            outputs.Fail(interrupted);
            return interrupted;
        }
        finally
        {
            lock (_gate)
                _running = null;
        }
    }

    public void Dispose() => _work.CompleteAdding();

    // The runtime breaks a thread off only once, and one that such a thread starts not at all (.NET 10, measured): each gets a successor
    // from here.
    private void Serve()
    {
        while (!_work.IsCompleted)
        {
            var cells = new Thread(TakeUntilBrokenOff) { IsBackground = true, Name = "cells" };
            cells.Start();
            cells.Join();
        }
    }

    private void TakeUntilBrokenOff()
    {
        _brokenOff = false;
        while (!_brokenOff && _work.TryTake(out var action, Timeout.Infinite))
            action();
    }
}
