using System.Runtime;

namespace DeviceId.Notebooks.Jupyter;

/// <summary>
/// Runs code that can be aborted even if it never checks a cancellation token: computation by the runtime's controlled execution, waiting
/// (sleeps, locks, tasks) by interrupting the thread, because controlled execution does not end a wait.
/// </summary>
internal sealed class StoppableRun
{
    private const int Running = 0, Interrupting = 1, Ended = 2;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly Thread _thread = Thread.CurrentThread;
    private int _state = Running;

    /// <summary>Runs an action on this thread to its end.</summary>
    /// <param name="action">The action.</param>
    /// <param name="force">Aborts the action. Native code runs until it returns.</param>
    /// <exception cref="OperationCanceledException">The action was aborted.</exception>
    public static void Run(Action action, CancellationToken force)
    {
        var run = new StoppableRun();
        using var abort = new CancellationTokenSource();
        using var forced = force.Register(() =>
        {
            // In this order, because the abort does not return before the thread has stopped computing.
            new Thread(run.WakeUntilEnded) { IsBackground = true }.Start();
            abort.CancelAfter(Interval);
        });
#pragma warning disable SYSLIB0046 // the only way to end a loop that never checks its token, and made for shells like this one
        ControlledExecution.Run(() => run.Guard(action), abort.Token);
#pragma warning restore SYSLIB0046
    }

    private void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (ThreadInterruptedException problem)
        {
            throw new OperationCanceledException(problem.Message, problem);
        }
        finally
        {
            // After this no interruption can come. One that came too late for the last wait is consumed here; it would end the first wait
            // of the next cell.
            while (Interlocked.CompareExchange(ref _state, Ended, Running) == Interrupting)
                Thread.SpinWait(20);
            ConsumeInterruption();
        }
    }

    private void WakeUntilEnded()
    {
        while (Interlocked.CompareExchange(ref _state, Interrupting, Running) == Running)
        {
            if (_thread.ThreadState.HasFlag(ThreadState.WaitSleepJoin))
                _thread.Interrupt();
            Interlocked.Exchange(ref _state, Running);
            Thread.Sleep(Interval);
        }
    }

    private static void ConsumeInterruption()
    {
        try
        {
            Thread.Sleep(0);
        }
        catch (ThreadInterruptedException)
        {
            // Expected: the pending interruption.
        }
    }
}
