using Microsoft.DotNet.Interactive;

namespace DeviceId.Notebooks.Engine;

/// <summary>Runs a cell. Displayed values, the result and errors go to the cell's outputs.</summary>
internal static class CellExecution
{
    /// <param name="engine">The engine, which keeps the variables.</param>
    /// <param name="source">The cell's text.</param>
    /// <param name="name">The name of the cell in errors, such as "cell 3".</param>
    /// <param name="outputs">Receives all outputs.</param>
    /// <param name="cancellation">Stops the cell; work that reports its progress then throws.</param>
    /// <returns>The error, or null.</returns>
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
            // A cell that was aborted may end after the next one has begun.
            if (KernelInvocationContext.Current == context)
                KernelInvocationContext.Current = null!;
        }
    }
}
