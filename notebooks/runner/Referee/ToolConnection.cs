using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace DeviceId.Notebooks.Referee;

/// <summary>A running engine of .NET Interactive. Disposing it ends the engine with all processes that it has started.</summary>
internal sealed class ToolConnection(string folder) : IDisposable
{
    private readonly System.Diagnostics.Process _process = InteractiveTool.Start(folder);

    /// <summary>Sends a cell.</summary>
    /// <param name="token">Marks the events that belong to the cell.</param>
    /// <param name="kernel">The language, by the tool's name.</param>
    /// <param name="code">The cell's text.</param>
    public void Submit(string token, string kernel, string code) =>
        Send(token, "SubmitCode", new() { ["code"] = code, ["targetKernelName"] = kernel });

    /// <summary>Asks the running cell to stop, as an editor's stop button does.</summary>
    public void Cancel() => Send("cancel", "Cancel", new() { ["targetKernelName"] = ".NET" });

    /// <summary>Everything that the engine writes, until it ends.</summary>
    public async IAsyncEnumerable<ToolEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        while (await _process.StandardOutput.ReadLineAsync(cancellation) is { } line)
        {
            foreach (var found in ToolEvent.Parse(line))
                yield return found;
        }
    }

    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has already ended.
        }
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    private void Send(string token, string type, JsonObject command)
    {
        var message = new JsonObject
        {
            ["token"] = token,
            ["commandType"] = type,
            ["command"] = command,
            ["routingSlip"] = new JsonArray(),
        };
        try
        {
            _process.StandardInput.WriteLine(message.ToJsonString());
            _process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // The engine has ended: its output ends too, which the reader reports.
        }
    }
}
