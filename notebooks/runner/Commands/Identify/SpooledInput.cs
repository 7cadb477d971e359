using System.Text.RegularExpressions;
using DeviceId.Audio;

namespace DeviceId.Notebooks.Commands;

/// <summary>
/// A copy of standard input, or of a pipe that the shell opened for this process ("identify -", "identify &lt;(…)"), as a temporary file:
/// reading a recording takes a file that can be read twice. The file is deleted at the end.
/// </summary>
internal sealed partial class SpooledInput : IDisposable
{
    /// <summary>Largest recording that is copied (bytes).</summary>
    public const long MaxBytes = 8L << 30;

    private const string StandardInput = "-";
    private const int BufferBytes = 1 << 16;

    private SpooledInput(string path) => Path = path;

    /// <summary>Full path of the copy.</summary>
    public string Path { get; }

    /// <summary>Whether an argument names standard input or a pipe that is already open in this process.</summary>
    public static bool IsStream(string argument) => argument == StandardInput || OpenFile().IsMatch(argument);

    /// <summary>The name of the recording in answers and messages.</summary>
    public static string Name(string argument) => argument == StandardInput ? "standard input" : argument;

    /// <summary>Copies the stream to its end.</summary>
    /// <param name="argument">See <see cref="IsStream"/>.</param>
    /// <param name="stop">Cancelled if the user ends the run; the rest of the stream is not waited for.</param>
    /// <exception cref="AudioException">The stream is empty, too long, or a terminal.</exception>
    public static SpooledInput Read(string argument, CancellationToken stop)
    {
        if (argument == StandardInput && !Console.IsInputRedirected)
            throw new AudioException(Name(argument), "it is a terminal: send a recording, as in: identify - < FILE");
        var spooled = new SpooledInput(System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"deviceid-{Guid.NewGuid():N}.input"));
        try
        {
            // A read of a pipe cannot be cancelled: the run goes on without it.
            Task.Run(() => Copy(argument, spooled.Path), CancellationToken.None).WaitAsync(stop).GetAwaiter().GetResult();
            return spooled;
        }
        catch
        {
            spooled.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => File.Delete(Path);

    private static void Copy(string argument, string path)
    {
        using var source = argument == StandardInput ? Console.OpenStandardInput() : File.OpenRead(argument);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Read | FileShare.Delete
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var target = new FileStream(path, options);
        var buffer = new byte[BufferBytes];
        while (source.Read(buffer) is var count and > 0)
        {
            if (target.Length + count > MaxBytes)
                throw new AudioException(Name(argument), $"it has more than {MaxBytes} bytes: store it in a file and name the file.");
            target.Write(buffer, 0, count);
        }

        if (target.Length == 0)
            throw new AudioException(Name(argument), "nothing came through it (0 bytes).");
    }

    [GeneratedRegex(@"^/(dev/stdin|dev/fd/\d+|proc/(self|\d+)/fd/\d+)$")]
    private static partial Regex OpenFile();
}
