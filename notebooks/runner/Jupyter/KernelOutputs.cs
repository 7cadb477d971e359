using System.Text.Json.Nodes;
using DeviceId.Notebooks.Engine;
using DeviceId.Notebooks.Format;

namespace DeviceId.Notebooks.Jupyter;

/// <summary>
/// Publishes the outputs of a running cell. Console text and updates are collected for 50 ms, so that a printing loop does not send a
/// message per line.
/// </summary>
internal sealed class KernelOutputs : IOutputListener, IDisposable
{
    private static readonly TimeSpan FlushInterval = TimeSpan.FromMilliseconds(50);

    private readonly Action<string, JsonObject> _publish;
    private readonly Action<string, JsonObject> _publishUpdate;
    private readonly string _name = Guid.NewGuid().ToString("N");
    private readonly int _executionCount;
    private readonly bool _silent;
    private readonly ConsoleText _text = new();
    private readonly Dictionary<int, IReadOnlyDictionary<string, string>> _updates = [];
    private readonly Lock _gate = new();
    private readonly Timer _flush;
    private bool _isWaiting;
    private bool _ended;

    /// <param name="publish">Publishes a message of this cell, given its type and content.</param>
    /// <param name="publishUpdate">
    /// Publishes an update of a display as a message of the cell that runs now, which may be a later one.
    /// </param>
    /// <param name="executionCount">The execution count of the cell.</param>
    /// <param name="silent">Whether results are not shown, as the client requested.</param>
    public KernelOutputs(
        Action<string, JsonObject> publish, Action<string, JsonObject> publishUpdate, int executionCount, bool silent)
    {
        (_publish, _publishUpdate, _executionCount, _silent) = (publish, publishUpdate, executionCount, silent);
        _flush = new Timer(_ => Flush());
    }

    public void OnText(string stream, string text) => Collect(() => _text.Add(stream, text));

    public void OnShown(int index, IReadOnlyDictionary<string, string> mime, bool isResult)
    {
        Flush();
        if (isResult && !_silent)
            _publish("execute_result", new JsonObject
            {
                ["execution_count"] = _executionCount,
                ["data"] = Bundle(mime),
                ["metadata"] = new JsonObject(),
            });
        else if (!isResult)
            _publish("display_data", Display(index, mime));
    }

    public void OnReplaced(int index, IReadOnlyDictionary<string, string> mime) => Collect(() => _updates[index] = mime);

    public void OnFailed(ScriptException problem)
    {
        Flush();
        _publish("error", Error(problem));
    }

    /// <summary>The error as content of a message or a reply.</summary>
    public static JsonObject Error(ScriptException problem) => new()
    {
        ["ename"] = problem.Kind,
        ["evalue"] = problem.Message,
        ["traceback"] = new JsonArray([.. problem.Trace.Select(t => (JsonNode)t)]),
    };

    /// <summary>Sends what was collected so far.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            _isWaiting = false;
            foreach (var (stream, text) in _text.Take())
                _publish("stream", new JsonObject { ["name"] = stream, ["text"] = text });
            foreach (var (index, mime) in _updates)
                _publishUpdate("update_display_data", Display(index, mime));
            _updates.Clear();
        }
    }

    private void Collect(Action add)
    {
        lock (_gate)
        {
            add();

            // After the end of the cell (a task is still running, or a later cell updates a display) there is no timer any more.
            if (_ended)
                Flush();
            else if (!_isWaiting)
                _isWaiting = _flush.Change(FlushInterval, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Call this when the cell has ended; what its tasks still show is then sent at once.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _ended = true;
            Flush();
        }

        _flush.Dispose();
    }

    private JsonObject Display(int index, IReadOnlyDictionary<string, string> mime) => new()
    {
        ["data"] = Bundle(mime),
        ["metadata"] = new JsonObject(),
        ["transient"] = new JsonObject { ["display_id"] = $"{_name}-{index}" },
    };

    private static JsonObject Bundle(IReadOnlyDictionary<string, string> mime) =>
        new(mime.Select(p => KeyValuePair.Create<string, JsonNode?>(p.Key, Output.IsJson(p.Key) ? JsonNode.Parse(p.Value) : p.Value)));
}
