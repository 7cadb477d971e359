using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using DeviceId.Notebooks.Process;

namespace DeviceId.Notebooks.Referee;

/// <summary>A running engine of .NET Interactive. Disposing it ends the engine with all processes that it has started.</summary>
internal sealed class ToolConnection : IDisposable
{
    private readonly string _key = Guid.NewGuid().ToString("N");
    private readonly System.Diagnostics.Process _process;

    /// <param name="folder">The engine's working folder.</param>
    public ToolConnection(string folder) => _process = InteractiveTool.Start(folder, _key);

    /// <summary>Sends a cell.</summary>
    /// <param name="token">Marks the events that belong to the cell.</param>
    /// <param name="code">The cell's text; C# unless its first line names another language.</param>
    public void Submit(string token, string code) =>
        Send(token, "SubmitCode", new() { ["code"] = code, ["targetKernelName"] = "csharp" });

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

    /// <summary>Waits until the engine has ended.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public void Kill() => LeftBehind.KillTree(_process);

    public void Dispose()
    {
        Kill();
        LeftBehind.Kill(_key);
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
