using DeviceId.Notebooks.Engine;
using DeviceId.Notebooks.Format;
using DeviceId.Notebooks.Jupyter;

namespace DeviceId.Tests.Notebooks.Jupyter;

[Trait("Speed", "Slow")]
[Collection(ConsoleCollection.Name)]
public sealed class CellWorkerTests
{
    /// <summary>The application data through which a cell reports that it runs, and on which thread.</summary>
    private const string Name = "DeviceId.Tests.CellWorkerTests.Begun";

    private const string Begun = $"((TaskCompletionSource<Thread>)AppContext.GetData(\"{Name}\")!).SetResult(Thread.CurrentThread);";

    [Fact]
    public async Task EveryKindOfEndlessCellIsAbortedAndVariablesRemain()
    {
        using var worker = new CellWorker(new ScriptEngine(Path.GetTempPath()));
        worker.Start();
        const string Setup = "using System.Threading;\nusing System.Threading.Tasks;\nvar kept = 7;\nvar turns = 0L;\nvar stop = false;";
        Assert.Null(await ExecuteAsync(worker, Setup));
        foreach (var (code, waits) in new[]
        {
            ($"{Begun} while (true) turns++;", false), ($"{Begun} while (true) turns++;", false), ($"{Begun} Thread.Sleep(-1);", true),
            ($"{Begun} await Task.Delay(-1);", true), ($"await Task.Delay(1); {Begun} while (!Volatile.Read(ref stop)) turns++;", false),
            ($"lock (new object()) {{ {Begun} while (true) turns++; }}", false),
        })
        {
            var begun = new TaskCompletionSource<Thread>(TaskCreationOptions.RunContinuationsAsynchronously);
            AppContext.SetData(Name, begun);
            var running = ExecuteAsync(worker, code);
            var thread = await begun.Task.WaitAsync(Eventually.Timeout, TestContext.Current.CancellationToken);
            if (waits)
                Eventually.Blocks(thread);
            worker.Interrupt();
            Assert.Equal("Interrupted", (await running.WaitAsync(Eventually.Timeout, TestContext.Current.CancellationToken))?.Kind);
            Assert.Null(await ExecuteAsync(worker, "if (kept != 7) throw new InvalidOperationException();"));
        }

        // The loop that still runs on a pool thread would take a core from all later tests.
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
