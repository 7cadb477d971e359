using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using DeviceId.Notebooks.Engine;
using DeviceId.Notebooks.Format;
using DeviceId.Notebooks.Process;

namespace DeviceId.Notebooks.Jupyter;

/// <summary>
/// The Jupyter kernel: the runner's engine behind the Jupyter protocol, for JupyterLab, Notebook, nbclient and VS Code's Jupyter extension.
/// </summary>
internal sealed class JupyterKernel : IDisposable
{
    /// <summary>The hidden verb with which Jupyter starts the runner.</summary>
    public const string Verb = "jupyter";

    // Long enough for a busy machine. Jupyter kills a kernel after five seconds; this one has to end also when no client is left.
    private static readonly TimeSpan EndGrace = TimeSpan.FromSeconds(10);

    private readonly Channels _channels;
    private readonly ScriptEngine _engine = new(Directory.GetCurrentDirectory());
    private readonly LanguageService _language;
    private readonly CellWorker _worker;
    private readonly string _session = Guid.NewGuid().ToString("N");
    private int _executionCount;

    // When a cell fails, the requests already queued are answered as aborted. Each request remembers this count from its arrival.
    private volatile int _failures;

    // The request that runs or ran last: clients ignore what belongs to none of their open requests.
    private volatile JupyterMessage? _request;
    private CellOutputs _outputs = new(new Cell(Cell.Code, ""));

    private JupyterKernel(ConnectionFile connection)
    {
        _channels = new Channels(connection);
        _channels.Received += OnReceived;
        _channels.Rejected += reason => Console.OpenStandardError()
            .Write(Encoding.UTF8.GetBytes($"DeviceId kernel: a message was rejected: {reason}\n"));
        _language = new LanguageService(_engine);
        _worker = new CellWorker(_engine);
    }

    /// <summary>Serves one client until it requests the shutdown or ends.</summary>
    /// <exception cref="NotebookException">The connection file cannot be used.</exception>
    public static int Serve(string connectionFile)
    {
        using var kernel = new JupyterKernel(ConnectionFile.Read(connectionFile));
        Console.SetOut(new CapturingWriter(t => kernel._outputs.Write("stdout", t)));
        Console.SetError(new CapturingWriter(t => kernel._outputs.Write("stderr", t)));
        CellProcesses.Begin();
        // Some clients interrupt by a signal, although the kernel specification requests a message.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, c => { c.Cancel = true; kernel._worker.Interrupt(); });
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, c => { c.Cancel = true; kernel.End(); });
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, c => { c.Cancel = true; kernel.End(); });
        ParentWatch.Start(kernel.End);
        kernel._worker.Start();
        kernel.Publish("status", State("starting"), null);
        kernel._channels.Run();
        CellProcesses.End();
        kernel.Dispose();
        // Returning would wait for the foreground threads that cells have started.
        Environment.Exit(ExitCode.Success);
        return ExitCode.Success;
    }

    /// <summary>Ends the kernel, if necessary without the consent of what runs in it.</summary>
    private void End()
    {
        new Thread(KillAfterGrace) { IsBackground = true }.Start();
        _channels.Stop();
    }

    private static void KillAfterGrace()
    {
        Thread.Sleep(EndGrace);
        CellProcesses.End();
        System.Diagnostics.Process.GetCurrentProcess().Kill();
    }

    public void Dispose()
    {
        _worker.Dispose();
        _channels.Dispose();
    }

    // Runs on the thread of the sockets, which must not block: slow requests are queued for the worker.
    private void OnReceived(JupyterMessage request, bool control)
    {
        switch (request.Type)
        {
            case "execute_request":
                var failures = _failures;
                _worker.Post(() => Handle(request, control, () => Execute(request, failures)));
                break;
            case "complete_request":
                _worker.Post(() => Handle(request, control, () => Complete(request)));
                break;
            case "inspect_request":
                _worker.Post(() => Handle(request, control, () => Inspect(request)));
                break;
            case "interrupt_request":
                Handle(request, control, () =>
                {
                    _worker.Interrupt();
                    return Ok();
                });
                break;
            case "shutdown_request":
                Handle(request, control, () => new JsonObject { ["status"] = "ok", ["restart"] = request.Flag("restart", false) });
                End();
                break;
            case "kernel_info_request":
                Handle(request, control, KernelInfo.Content);
                break;
            case "is_complete_request":
                Handle(request, control, () => IsComplete(request));
                break;
            case "history_request":
                Handle(request, control, () => new JsonObject { ["status"] = "ok", ["history"] = new JsonArray() });
                break;
            case "comm_info_request":
                Handle(request, control, () => new JsonObject { ["status"] = "ok", ["comms"] = new JsonObject() });
                break;
            case "comm_open":
                // This kernel has no comm targets.
                Publish("comm_close", new JsonObject { ["comm_id"] = request.Text("comm_id"), ["data"] = new JsonObject() }, request);
                break;
        }
    }

    /// <summary>Publishes busy, replies, publishes idle; clients wait for idle.</summary>
    private void Handle(JupyterMessage request, bool control, Func<JsonObject> answer)
    {
        Publish("status", State("busy"), request);
        JsonObject content;
        try
        {
            content = answer();
        }
        catch (Exception problem) when (problem is not OutOfMemoryException)
        {
            // The kernel survives its own errors.
            content = new JsonObject
            {
                ["status"] = "error", ["ename"] = problem.GetType().Name, ["evalue"] = problem.Message,
                ["traceback"] = new JsonArray()
            };
        }

        _channels.Reply(JupyterMessage.Create(request.Type.Replace("_request", "_reply", StringComparison.Ordinal), content, request,
            _session), control);
        Publish("status", State("idle"), request);
    }

    private JsonObject Execute(JupyterMessage request, int failures)
    {
        var (code, silent) = (request.Text("code"), request.Flag("silent", false));
        if (failures != _failures)
            return new JsonObject { ["status"] = "aborted", ["execution_count"] = _executionCount };
        var counts = !silent && request.Flag("store_history", true);
        if (counts)
            _executionCount++;
        if (!silent)
            Publish("execute_input", new JsonObject { ["code"] = code, ["execution_count"] = _executionCount }, request);

        _request = request;
        using var outputs = new KernelOutputs(
            (type, content) => Publish(type, content, request), (type, content) => Publish(type, content, _request),
            _executionCount, silent);
        _outputs = new CellOutputs(new Cell(Cell.Code, code), outputs);
        var name = counts ? string.Create(CultureInfo.InvariantCulture, $"cell {_executionCount}") : "cell";
        if (_worker.Execute(code, name, _outputs) is not { } problem)
            return new JsonObject
            {
                ["status"] = "ok", ["execution_count"] = _executionCount, ["user_expressions"] = new JsonObject(),
                ["payload"] = new JsonArray()
            };
        if (request.Flag("stop_on_error", true))
            Interlocked.Increment(ref _failures);
        var reply = KernelOutputs.Error(problem);
        (reply["status"], reply["execution_count"]) = ("error", _executionCount);
        return reply;
    }

    private JsonObject Complete(JupyterMessage request)
    {
        var code = request.Text("code");
        var (span, matches) = _language.CompleteAsync(code, CursorPosition.ToUtf16(code, request.Number("cursor_pos", 0))).GetAwaiter()
            .GetResult();
        return new JsonObject
        {
            ["status"] = "ok",
            ["matches"] = new JsonArray([.. matches.Select(m => (JsonNode)m)]),
            ["cursor_start"] = CursorPosition.ToCodePoints(code, span.Start),
            ["cursor_end"] = CursorPosition.ToCodePoints(code, span.End),
            ["metadata"] = new JsonObject(),
        };
    }

    private JsonObject Inspect(JupyterMessage request)
    {
        var code = request.Text("code");
        var text = _language.InspectAsync(code, CursorPosition.ToUtf16(code, request.Number("cursor_pos", 0))).GetAwaiter().GetResult();
        return new JsonObject
        {
            ["status"] = "ok",
            ["found"] = text.Length > 0,
            ["data"] = text.Length > 0 ? new JsonObject { ["text/plain"] = text } : new JsonObject(),
            ["metadata"] = new JsonObject(),
        };
    }

    private static JsonObject IsComplete(JupyterMessage request)
    {
        var state = LanguageService.Completeness(request.Text("code"));
        return state == "incomplete" ? new JsonObject { ["status"] = state, ["indent"] = "    " } : new JsonObject { ["status"] = state };
    }

    private static JsonObject Ok() => new() { ["status"] = "ok" };

    private static JsonObject State(string state) => new() { ["execution_state"] = state };

    private void Publish(string type, JsonObject content, JupyterMessage? request) =>
        _channels.Publish(JupyterMessage.Create(type, content, request, _session, Encoding.ASCII.GetBytes($"kernel.{_session}.{type}")));
}
