using System.Runtime.CompilerServices;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.Formatting;

namespace DeviceId.Notebooks.Engine;

/// <summary>Runs a cell. Displayed values, the result and errors go to the cell's outputs.</summary>
internal static class CellExecution
{
    /// <param name="engine">The engine, which keeps the variables.</param>
    /// <param name="source">The cell's text.</param>
    /// <param name="name">The name of the cell in errors, such as "cell 3".</param>
    /// <param name="outputs">Receives all outputs.</param>
    /// <param name="cancellation">Stops the cell; work that reports its progress then throws.</param>
    /// <returns>The error, or null. The cell runs on this thread; the task is complete.</returns>
    public static Task<ScriptException?> RunAsync(
        ScriptEngine engine, string source, string name, CellOutputs outputs, CancellationToken cancellation)
    {
        ScriptException? problem = null;
        var command = new CellCommand();
        engine.Kernels.Router.Begin(outputs);
        var sent = engine.Kernels.Root.SendAsync(command, CancellationToken.None);
        command.Run(context =>
        {
            DisplayRouter.Current = engine.Kernels.Router;
            // The package completes a context that it cancels, and outputs after that are lost. A cell that ends by itself may have some.
            using var stop = cancellation.Register(() => TryCancel(context));
            problem = RunAsync(engine, source, name, context).GetAwaiter().GetResult();
            if (problem is not null && cancellation.IsCancellationRequested)
                problem = ScriptException.Interrupted(name);
            if (problem is not null)
                Fail(problem, outputs, context);
        });
        sent.GetAwaiter().GetResult();
        return Task.FromResult(problem);
    }

    private static async Task<ScriptException?> RunAsync(ScriptEngine engine, string source, string name, KernelInvocationContext context)
    {
        try
        {
            var value = await engine.RunAsync(source, name, prose => context.Publish(
                new DisplayedValueProduced(prose, context.Command, [new FormattedValue("text/markdown", prose)])));
            if (value is not null)
                context.Publish(new ReturnValueProduced(value, context.Command, Format(value, source, name)));
            return null;
        }
        catch (ScriptException problem)
        {
            return problem;
        }
    }

    // The value may compute only now, such as a LINQ query: its error is the cell's.
    private static IReadOnlyList<FormattedValue> Format(object value, string source, string name)
    {
        try
        {
            return MimeBundle.Format(value);
        }
        catch (Exception problem) when (problem is not OutOfMemoryException)
        {
            throw ScriptException.Thrown(problem, name, Directives.ResultLine(source));
        }
    }

    private static void Fail(ScriptException problem, CellOutputs outputs, KernelInvocationContext context)
    {
        outputs.Fail(problem);
        context.Fail(context.Command, problem, problem.Message);
    }

    // Not public in the package, whose version is fixed: a test would show a change.
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "TryCancel")]
    private static extern void TryCancel(KernelInvocationContext context);
}
