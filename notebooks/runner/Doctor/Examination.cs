using System.ComponentModel;
using System.Diagnostics;
using DeviceId.Acceleration;
using DeviceId.Audio;
using DeviceId.Corpora;
using DeviceId.Foundation;
using DeviceId.Notebooks.Jupyter;
using TorchSharp;
using static DeviceId.Notebooks.Doctor.FindingState;

namespace DeviceId.Notebooks.Doctor;

/// <summary>The checks of doctor, from required to optional. They are independent: a failure does not hide the next check.</summary>
internal static class Examination
{
    private const int NeededSdk = 10;

    /// <param name="data">The folder of recordings: the one named, or data/ccnu-mobile if it holds any; null for none.</param>
    public static IEnumerable<Finding> Run(string? data)
    {
        var checks = new (string Subject, Func<Finding> Check)[]
        {
            (".NET SDK", Sdk), ("library", Library), ("native library", Native), ("compute device", Device), ("kernels", Kernels),
            ("plotly.js", Plotly), ("writing", Writing), ("recordings", () => Recordings(data)), ("Jupyter kernel", Kernel),
            ("Polyglot Notebooks", Polyglot), ("audio formats", Formats),
        };
        foreach (var (subject, check) in checks)
            yield return Guarded(subject, check);
    }

    /// <summary>Runs a check; an exception becomes a failure with the exception's message.</summary>
    internal static Finding Guarded(string subject, Func<Finding> check)
    {
        try
        {
            return check();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or InvalidOperationException
            or BadImageFormatException or ArgumentException or TypeInitializationException or TypeLoadException)
        {
            // A missing native library appears as a TypeInitializationException, whose own message names only the type.
            var cause = problem is TypeInitializationException ? problem.GetBaseException() : problem;
            return new Finding(subject, Failure, cause.Message, "Build again: dotnet build notebooks/runner");
        }
    }

    private static Finding Sdk() => Output(DotnetHost.Path, "--version") is not { } version
        ? new(".NET SDK", Failure, "the command 'dotnet' cannot be started", $"Install the .NET SDK {NeededSdk}.")
        : int.TryParse(version.Split('.')[0], out var major) && major >= NeededSdk
        ? new(".NET SDK", Good, $"{version}, running on .NET {Environment.Version}")
        : new(".NET SDK", Failure, version, $"Install the .NET SDK {NeededSdk} or newer.");

    private static Finding Library()
    {
        var path = Path.Combine(Repository.Root, "bin", "DeviceId.Lib.dll");
        return File.Exists(path) ? new("library", Good, path)
            : new("library", Failure, $"{path} is missing", "Build it: dotnet build DeviceId.Lib.csproj");
    }

    private static Finding Native()
    {
        ComputeDevice.Load();
        using var sum = torch.ones(3).sum();
        return sum.item<float>() == 3 ? new("native library", Good, "TorchSharp computes: 1 + 1 + 1 = 3")
            : new("native library", Failure, "TorchSharp computes a wrong sum", "Delete bin and obj and build again.");
    }

    private static Finding Device()
    {
        ComputeDevice.Load();
        return torch.cuda.is_available()
            ? new("compute device", Good, $"{torch.cuda.device_count()} CUDA device(s), {torch.get_num_threads()} CPU threads")
            : new("compute device", Note, $"no CUDA device, {torch.get_num_threads()} CPU threads",
                "For a GPU: build with -p:Torch=cuda, if your package source has that package (environment.md).");
    }

    private static Finding Kernels()
    {
        var rows = Backend.Kernels().Select(kernel => $"      {kernel.Kernel} ({kernel.Takes}): {kernel.Here}");
        var table = string.Join(Environment.NewLine, rows.Prepend("the library's own, instead of libtorch's"));
        return ComputeDevice.IsAccelerated ? new("kernels", Good, table)
            : new("kernels", Note, table,
                $"Unset {ComputeDevice.BackendVariable} for the library's own kernels; libtorch alone is slower.");
    }

    private static Finding Plotly() => File.Exists(Repository.PlotlyScript)
        ? new("plotly.js", Good, "charts work offline")
        : new("plotly.js", Failure, $"{Repository.PlotlyScript} is missing", "Build it: dotnet build DeviceId.Lib.csproj");

    private static Finding Writing()
    {
        var folder = Path.Combine(Repository.Root, "data");
        var probe = Path.Combine(folder, $".doctor-{Environment.ProcessId}");
        File.WriteAllText(probe, "");
        File.Delete(probe);
        var free = new DriveInfo(folder).AvailableFreeSpace / 1e9;
        return free >= 2 ? new("writing", Good, FormattableString.Invariant($"{folder}, {free:0} GB free"))
            : new("writing", Note, FormattableString.Invariant($"{folder}, only {free:0.0} GB free"),
                "Features and results of the full corpus need about 2 GB.");
    }

    private static Finding Recordings(string? data)
    {
        if (data is null)
            return new("recordings", Note, "none in data/ccnu-mobile: notebooks run on simulated ones",
                "See data/README.md, or name your folder: --data DIR");
        try
        {
            var corpus = CorpusFinder.Open(data, Path.Combine(Repository.Root, "data"), new SimulatedCorpusOptions());
            string[] remarks = [.. corpus.Notices, .. MetadataCheck.Warnings(corpus)];
            return new("recordings", remarks.Length == 0 ? Good : Note,
                $"{corpus.Recordings.Count} of {corpus.Devices.Count} devices in {data}", string.Join(" ", remarks));
        }
        catch (Exception problem) when (problem is CorpusException or AudioException)
        {
            return new("recordings", Failure, problem.Message, "data/README.md shows the supported layouts.");
        }
    }

    private static Finding Kernel()
    {
        const string Advice = "dotnet run --project notebooks/runner -- install-kernel";
        var jupyter = Output("jupyter", "--version") is null ? "; the command 'jupyter' is not on the PATH" : "";
        return KernelSpec.IsCurrent ? new("Jupyter kernel", Good, $"registered in {KernelSpec.KernelsFolder}{jupyter}")
            : KernelSpec.Registered(KernelSpec.Name) is { } other
                ? new("Jupyter kernel", Failure, $"registered for another copy of the project: {string.Join(' ', other)}", Advice)
            : new("Jupyter kernel", Note, $"not registered{jupyter}", Advice);
    }

    private static Finding Polyglot() => Output("dotnet-interactive", "--version") is { } version
        ? new("Polyglot Notebooks", Good, $".NET Interactive {version}")
        : new("Polyglot Notebooks", Note, "its engine, dotnet-interactive, is not on the PATH",
            "Optional: the Jupyter kernel and this runner do not need it (environment.md).");

    private static Finding Formats()
    {
        const string OnBareMachine = "WAV, Wave64, AIFF, SPHERE and AU";
        return Output("ffmpeg", "-version") is not null && Output("ffprobe", "-version") is not null
            ? new("audio formats", Good, $"{OnBareMachine}, more by ffmpeg")
            : new("audio formats", Note, OnBareMachine, "For MP3, m4a, FLAC, Opus, AMR and others: install ffmpeg.");
    }

    /// <summary>The first line that a command prints; null if it cannot be started or fails.</summary>
    private static string? Output(string command, string argument)
    {
        try
        {
            using var process = System.Diagnostics.Process.Start(new ProcessStartInfo(command, argument)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true
            })!;
            var errors = process.StandardError.ReadToEndAsync();
            var lines = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? lines.Split('\n')[0].Trim() : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
