using System.Diagnostics;

namespace DeviceId.Notebooks.Process;

/// <summary>Executes a notebook in a separate process: a crash, a leak or the state of a native library cannot affect others.</summary>
internal static class NotebookProcess
{
    /// <summary>The hidden command with which the runner starts itself as a child.</summary>
    public const string Verb = "execute";

    // Longer than the child's own grace period, so that it can save and end by itself.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(6);

    /// <param name="notebook">The prepared copy, executed in place.</param>
    /// <param name="folder">The folder of the original: working directory and base of relative paths.</param>
    /// <param name="received">Called for every event, in order.</param>
    /// <param name="cancellation">Asks the child to stop; after the grace period kills its process tree.</param>
    /// <returns>The child's exit code.</returns>
    public static async Task<int> RunAsync(string notebook, string folder, Action<NotebookEvent> received, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(typeof(NotebookProcess).Assembly.Location);
        foreach (var argument in new[] { Verb, notebook, folder })
            start.ArgumentList.Add(argument);
        start.Environment["DEVICEID_HOST"] = "runner";

        using var child = System.Diagnostics.Process.Start(start)!;
        using var timeout = new CancellationTokenSource();
        using var kill = timeout.Token.Register(() => Kill(child));
        using var stop = cancellation.Register(() =>
        {
            child.StandardInput.Close();
            timeout.CancelAfter(Grace);
        });
        while (await child.StandardOutput.ReadLineAsync(CancellationToken.None) is { } line)
            received(NotebookEvent.FromLine(line));
        await child.WaitForExitAsync(CancellationToken.None);
        return cancellation.IsCancellationRequested ? ExitCode.Interrupted : child.ExitCode;
    }

    private static void Kill(System.Diagnostics.Process child)
    {
        try
        {
            child.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has already ended.
        }
    }
}
