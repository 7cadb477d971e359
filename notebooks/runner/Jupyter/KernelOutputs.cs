using System.Text;
using System.Text.Json.Nodes;
using DeviceId.Notebooks.Engine;
using DeviceId.Notebooks.Format;

namespace DeviceId.Notebooks.Jupyter;

/// <summary>
/// Publishes what a cell shows while it runs. Console text is gathered for a moment: a loop that prints must not become a message a line.
/// </summary>
internal sealed class KernelOutputs : IOutputListener, IDisposable
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(50);

    private readonly Action<string, JsonObject> _publish;
    private readonly string _name = Guid.NewGuid().ToString("N");
    private readonly int _executionCount;
    private readonly bool _silent;
    private readonly StringBuilder _text = new();
    private readonly Lock _gate = new();
    private readonly Timer _flush;
    private string _stream = "";
    private bool _ended;

    /// <param name="publish">Sends a message of a type with a content to everyone who looks.</param>
    /// <param name="executionCount">The number that the cell bears.</param>
    /// <param name="silent">Results are not shown, as the client asked.</param>
    public KernelOutputs(Action<string, JsonObject> publish, int executionCount, bool silent)
    {
        (_publish, _executionCount, _silent) = (publish, executionCount, silent);
        _flush = new Timer(_ => Flush());
    }

    public void OnText(string stream, string text)
    {
        lock (_gate)
        {
            if (stream != _stream)
                Flush();
            _stream = stream;
            if (_text.Length == 0 && !_ended)
                _flush.Change(Moment, Timeout.InfiniteTimeSpan);
            _text.Append(text);

            // A task that the cell left behind: no timer comes any more.
            if (_ended)
                Flush();
        }
    }

    public void OnShown(int index, IReadOnlyDictionary<string, string> mime, bool isResult)
    {
        Flush();
        if (isResult && !_silent)
            _publish("execute_result", new JsonObject
            {
                ["execution_count"] = _executionCount, ["data"] = Bundle(mime),
                ["metadata"] = new JsonObject()
            });
        else if (!isResult)
            _publish("display_data", Display(index, mime));
    }

    public void OnReplaced(int index, IReadOnlyDictionary<string, string> mime)
    {
        Flush();
        _publish("update_display_data", Display(index, mime));
    }

    public void OnFailed(ScriptException problem)
    {
        Flush();
        _publish("error", Error(problem));
    }

    /// <summary>What the error looks like in a message and in a reply.</summary>
    public static JsonObject Error(ScriptException problem) => new()
    {
        ["ename"] = problem.Kind,
        ["evalue"] = problem.Message,
        ["traceback"] = new JsonArray([.. problem.Trace.Select(t => (JsonNode)t)]),
    };

    /// <summary>Sends what has been gathered so far.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            if (_text.Length == 0)
                return;
            _publish("stream", new JsonObject { ["name"] = _stream, ["text"] = _text.ToString() });
            _text.Clear();
        }
    }

    /// <summary>The cell has ended; what its tasks still write is sent at once.</summary>
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
