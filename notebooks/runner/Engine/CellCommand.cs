using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;

namespace DeviceId.Notebooks.Engine;

/// <summary>
/// The command that runs a cell. The package handles commands on a thread of its own; the cell's code runs on the thread that sent the
/// command, so that this thread can be aborted.
/// </summary>
internal sealed class CellCommand() : KernelCommand(CSharpKernel.KernelName)
{
    private readonly TaskCompletionSource<(KernelInvocationContext Context, ExecutionContext Flow)> _begun =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Called by the kernel: lets the sender run the cell, and waits for its end.</summary>
    public Task HandleAsync(KernelInvocationContext context)
    {
        _begun.SetResult((context, ExecutionContext.Capture()!));
        return _ended.Task;
    }

    /// <summary>Called by the sender: runs an action on this thread as if the kernel ran it.</summary>
    public void Run(Action<KernelInvocationContext> action)
    {
        try
        {
            var (context, flow) = _begun.Task.GetAwaiter().GetResult();
            ExecutionContext.Run(flow, _ => action(context), null);
        }
        finally
        {
            _ended.SetResult();
        }
    }
}
