using Microsoft.DotNet.Interactive;

namespace DeviceId.Notebooks.Engine;

/// <summary>Runs a cell: what it shows, returns or fails with goes to its outputs.</summary>
internal static class CellExecution
{
    /// <param name="engine">Keeps the variables.</param>
    /// <param name="source">The cell's text.</param>
    /// <param name="name">What errors call it, as in "cell 3".</param>
    /// <param name="outputs">Where everything goes.</param>
    /// <param name="cancellation">Asks the cell to stop; work that reports its progress then ends by an exception.</param>
    /// <returns>What went wrong, or null.</returns>
    public static async Task<ScriptException?> RunAsync(
        ScriptEngine engine, string source, string name, CellOutputs outputs, CancellationToken cancellation)
    {
        var context = new KernelInvocationContext(outputs, cancellation);
        KernelInvocationContext.Current = context;
        try
        {
            var value = await engine.RunAsync(source, name, t => outputs.Add(MimeBundle.Create(t, "text/markdown"), isResult: false));
            if (value is not null)
                outputs.Add(MimeBundle.Create(value), isResult: true);
            return null;
        }
        catch (ScriptException problem)
        {
            var reported = cancellation.IsCancellationRequested ? ScriptException.Interrupted(name) : problem;
            outputs.Fail(reported);
            return reported;
        }
        finally
        {
            // A cell that was broken off may end after the next one has begun.
            if (KernelInvocationContext.Current == context)
                KernelInvocationContext.Current = null!;
        }
    }
}
