using System.Diagnostics;

namespace DeviceId.Tests;

/// <summary>A small disk in memory that a test can fill or make read-only; read-only holds for root too.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private SmallDisk()
    {
    }

    public string Path => _folder.Path;

    /// <summary>Mounts a disk, or skips the test with the reason.</summary>
    public static SmallDisk Mount(int kilobytes)
    {
        var disk = new SmallDisk();
        var problem = Run("mount", "-t", "tmpfs", "-o", $"size={kilobytes}k", "none", disk.Path);
        if (problem is not null)
        {
            disk._folder.Dispose();
            Assert.Skip($"A small disk cannot be mounted here; that needs root on Linux: {problem}");
        }

        return disk;
    }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Fills the disk, and leaves at most a number of bytes free.</summary>
    public void Fill(int free = 0)
    {
        using var stream = System.IO.File.Create(File("filling"));
        try
        {
            while (true)
            {
                stream.Write(new byte[4096]);
                stream.Flush();
            }
        }
        catch (IOException)
        {
            stream.SetLength(Math.Max(0, stream.Length - free));
        }
    }

    public void MakeReadOnly() => Assert.Null(Run("mount", "-o", "remount,ro", Path));

    public void Dispose()
    {
        Assert.Null(Run("umount", "-l", Path));
        _folder.Dispose();
    }

    private static string? Run(string command, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command, arguments)
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            })!;
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : error.Trim();
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            return error.Message;
        }
    }
}
