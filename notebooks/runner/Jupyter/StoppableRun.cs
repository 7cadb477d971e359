using System.Runtime;

namespace DeviceId.Notebooks.Jupyter;

/// <summary>
/// Runs code that may never look at a cancellation token so that it can be broken off all the same: computing by the runtime's controlled
/// execution, waiting (sleeps, locks, tasks) by interrupting the thread, because the former does not end a wait.
/// </summary>
internal sealed class StoppableRun
{
    private const int Running = 0, Interrupting = 1, Ended = 2;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly Thread _thread = Thread.CurrentThread;
    private int _state = Running;

    /// <summary>Runs an action on this thread to its end.</summary>
    /// <param name="action">What to run.</param>
    /// <param name="force">Breaks it off. Native code is let run to its return.</param>
    /// <exception cref="OperationCanceledException">It was broken off.</exception>
    public static void Run(Action action, CancellationToken force)
    {
        var run = new StoppableRun();
        using var abort = new CancellationTokenSource();
        using var forced = force.Register(() =>
        {
            // In this order: the runtime's own call does not return before the thread has stopped computing.
            new Thread(run.WakeUntilEnded) { IsBackground = true }.Start();
            abort.CancelAfter(Interval);
        });
#pragma warning disable SYSLIB0046 // made for shells like this one: the only way to end a loop that never looks at its token
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
            // No interruption comes after this; one that came too late for the last wait is taken here, lest it end the next cell's first
            // wait.
            while (Interlocked.CompareExchange(ref _state, Ended, Running) == Interrupting)
                Thread.SpinWait(20);
            ForgetInterruption();
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

    private static void ForgetInterruption()
    {
        try
        {
            Thread.Sleep(0);
        }
        catch (ThreadInterruptedException)
        {
            // That was it.
        }
    }
}
