using System.Diagnostics;
using System.Text.Json.Nodes;

namespace DeviceId.Benchmarks;

/// <summary>The Python process with the peer libraries, started once, so that neither its start nor its imports are timed.</summary>
internal sealed class Peer : IDisposable
{
    private const string Python = "/usr/bin/python3";
    private readonly Process _process;

    public Peer()
    {
        var start = new ProcessStartInfo(Python) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.ArgumentList.Add("-Xfrozen_modules=off");
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "peers.py"));
        // The same glibc setting as in this library: freed memory is kept for reuse. Otherwise the time of a peer would depend on what ran
        // before it (torchaudio on AMD: 1.2 or 3 s).
        start.Environment["MALLOC_MMAP_THRESHOLD_"] = $"{1 << 30}";
        start.Environment["MALLOC_TRIM_THRESHOLD_"] = $"{1 << 30}";
        _process = Process.Start(start)!;
    }

    /// <summary>Runs one request.</summary>
    /// <returns>Run time in seconds, and the computed value.</returns>
    /// <exception cref="InvalidOperationException">The peer process reported an error (its message), or ended.</exception>
    public (double Seconds, JsonNode? Value) Run(JsonObject request)
    {
        _process.StandardInput.WriteLine(request.ToJsonString());
        _process.StandardInput.Flush();
        var line = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("the peer process ended");
        var response = JsonNode.Parse(line)!;
        if ((string?)response["error"] is { } error)
            throw new InvalidOperationException(error);
        return ((double)response["seconds"]!, response["value"]);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
