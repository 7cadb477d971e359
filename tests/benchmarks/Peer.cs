using System.Diagnostics;
using System.Text.Json.Nodes;

namespace DeviceId.Benchmarks;

/// <summary>The process with the peers' libraries: started once, so that neither its start nor its imports are ever timed.</summary>
internal sealed class Peer : IDisposable
{
    private const string Python = "/usr/bin/python3";
    private readonly Process _process;

    public Peer()
    {
        var start = new ProcessStartInfo(Python) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.ArgumentList.Add("-Xfrozen_modules=off");
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "peers.py"));
        // What this library asks of glibc for itself: memory that is freed stays. Otherwise a peer's time would depend on what it did
        // before (torchaudio's on AMD: 1.2 or 3 s).
        start.Environment["MALLOC_MMAP_THRESHOLD_"] = $"{1 << 30}";
        start.Environment["MALLOC_TRIM_THRESHOLD_"] = $"{1 << 30}";
        _process = Process.Start(start)!;
    }

    /// <summary>Asks for one run.</summary>
    /// <returns>The seconds that the work took, and what it computed.</returns>
    /// <exception cref="InvalidOperationException">The peer cannot do it; the message is its own.</exception>
    public (double Seconds, JsonNode? Value) Run(JsonObject request)
    {
        _process.StandardInput.WriteLine(request.ToJsonString());
        _process.StandardInput.Flush();
        var answer = JsonNode.Parse(_process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("the peers' process ended"))!;
        if ((string?)answer["error"] is { } error)
            throw new InvalidOperationException(error);
        return ((double)answer["seconds"]!, answer["value"]);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
