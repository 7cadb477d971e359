using System.Collections.Concurrent;
using DeviceId.Notebooks.Engine;

namespace DeviceId.Notebooks.Jupyter;

/// <summary>
/// Runs cells one after the other on its own thread and interrupts them: first by the cancellation token, which ends all work that reports
/// progress; a cell that does not react is aborted. Variables of earlier cells remain. (Code after an await runs on a pool thread: there
/// only waiting is aborted, and an endless computation continues in the background until the kernel is restarted.)
/// </summary>
internal sealed class CellWorker(ScriptEngine engine) : IDisposable
{
    // Work that ends by itself within this time can still close its files.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly BlockingCollection<Action> _work = [];
    private readonly Lock _gate = new();
    private CancellationTokenSource? _running;
    private bool _aborted;

    /// <summary>Starts processing the queue; <see cref="Dispose"/> ends it.</summary>
    public void Start() => new Thread(Serve) { IsBackground = true }.Start();

    /// <summary>Adds an action to the queue.</summary>
    public void Post(Action action)
    {
        if (!_work.IsAddingCompleted)
            _work.Add(action);
    }

    /// <summary>Interrupts the running cell, if there is one.</summary>
    public void Interrupt()
    {
        lock (_gate)
            _ = _running?.CancelAsync(); // not here: what a cell has registered at the token must not block the kernel
    }

    /// <summary>Runs a cell until it ends, fails or is interrupted. Called by an action of the queue.</summary>
    public ScriptException? Execute(string source, string name, CellOutputs outputs)
    {
        using var interrupt = new CancellationTokenSource();
        using var force = new CancellationTokenSource();
        using var grace = interrupt.Token.Register(() => force.CancelAfter(Grace));
        lock (_gate)
            _running = interrupt;
        try
        {
            ScriptException? problem = null;
            StoppableRun.Run(
                () => problem = CellExecution.RunAsync(engine, source, name, outputs, interrupt.Token).GetAwaiter().GetResult(),
                force.Token);
            return problem;
        }
        catch (OperationCanceledException)
        {
            _aborted = true;
            var interrupted = ScriptException.Interrupted(name);
            outputs.Fail(interrupted);
            return interrupted;
        }
        catch (Exception problem) when (problem is not OutOfMemoryException)
        {
            // An error of the engine itself is shown, and aborts what is queued, like one of the cell.
            var failed = ScriptException.Thrown(problem, name);
            outputs.Fail(failed);
            return failed;
        }
        finally
        {
            lock (_gate)
                _running = null;
        }
    }

    public void Dispose() => _work.CompleteAdding();

    // The runtime can abort a thread only once, and cannot abort a thread that an aborted thread started (.NET 10, measured). So this
    // thread starts a new worker thread after each abort.
    private void Serve()
    {
        while (!_work.IsCompleted)
        {
            var cells = new Thread(ProcessUntilAborted) { IsBackground = true, Name = "cells" };
            cells.Start();
            cells.Join();
        }
    }

    private void ProcessUntilAborted()
    {
        _aborted = false;
        while (!_aborted && _work.TryTake(out var action, Timeout.Infinite))
            action();
    }
}
