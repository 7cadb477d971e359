using DeviceId.Notebooks.Engine;
using DeviceId.Notebooks.Format;
using DeviceId.Notebooks.Jupyter;

namespace DeviceId.Tests.Notebooks.Jupyter;

[Trait("Speed", "Slow")]
[Collection(ConsoleCollection.Name)]
public sealed class CellWorkerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Every_kind_of_endless_cell_is_broken_off_and_variables_stay()
    {
        using var worker = new CellWorker(new ScriptEngine(Path.GetTempPath()));
        worker.Start();
        Assert.Null(await ExecuteAsync(worker, "using System.Threading;\nvar kept = 7;\nvar turns = 0L;\nvar stop = false;"));
        foreach (var code in new[] { "while (true) turns++;", "while (true) turns++;", "Thread.Sleep(-1);", "await Task.Delay(-1);",
            "await Task.Delay(1); while (!Volatile.Read(ref stop)) turns++;", "lock (new object()) while (true) turns++;" })
        {
            var running = ExecuteAsync(worker, code);
            await Task.Delay(500, TestContext.Current.CancellationToken);
            worker.Interrupt();
            Assert.Equal("Interrupted", (await running.WaitAsync(Patience, TestContext.Current.CancellationToken))?.Kind);
            Assert.Null(await ExecuteAsync(worker, "if (kept != 7) throw new InvalidOperationException();"));
        }

        // What went on in a thread of the pool would take a core from all tests after this one.
        Assert.Null(await ExecuteAsync(worker, "Volatile.Write(ref stop, true);"));
        Assert.Null(Microsoft.DotNet.Interactive.KernelInvocationContext.Current);
    }

    private static Task<ScriptException?> ExecuteAsync(CellWorker worker, string code)
    {
        var done = new TaskCompletionSource<ScriptException?>(TaskCreationOptions.RunContinuationsAsynchronously);
        worker.Post(() => done.SetResult(worker.Execute(code, "cell 1", new CellOutputs(new Cell(Cell.Code, code)))));
        return done.Task;
    }
}
