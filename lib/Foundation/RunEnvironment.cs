using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Foundation;

/// <summary>The hardware and software that computed a result. Never part of an experiment's identity.</summary>
/// <param name="Machine">Processor and number of cores.</param>
/// <param name="Device">Where tensors were: <c>cpu</c>, or the name of a GPU.</param>
/// <param name="Threads">Threads of the tensor library.</param>
/// <param name="System">Operating system.</param>
/// <param name="Runtime">.NET runtime.</param>
/// <param name="Torch">Version of TorchSharp.</param>
internal sealed record RunEnvironment(string Machine, string Device, int Threads, string System, string Runtime, string Torch)
{
    /// <summary>
    /// The Git commit that the library was built from, written into the assembly by the build; null if it was built outside a repository.
    /// </summary>
    public string? Commit { get; init; }

    /// <summary>Hash (16 hexadecimal digits) of the library's sources; null in results stored before it was recorded.</summary>
    public string? LibrarySource { get; init; }

    /// <summary>Hash of the notebook runner's sources; null if another program, such as an editor's kernel, ran the experiment.</summary>
    public string? RunnerSource { get; init; }

    /// <summary>
    /// <c>torch</c> where the library's own kernels were switched off (<see cref="ComputeDevice.IsAccelerated"/>); null otherwise.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Backend { get; init; }

    /// <summary>The environment of this process.</summary>
    /// <param name="device">The device that holds the tensors.</param>
    public static RunEnvironment Here(Device device)
    {
        var library = typeof(RunEnvironment).Assembly;
        var torchVersion = typeof(torch).Assembly.GetName().Version?.ToString() ?? "unknown";
        var versionAndCommit = library.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+');
        return new RunEnvironment(
            $"{Processor()}, {Environment.ProcessorCount} cores", device.ToString(), get_num_threads(),
            RuntimeInformation.OSDescription, RuntimeInformation.FrameworkDescription, torchVersion)
        {
            Backend = ComputeDevice.IsAccelerated ? null : "torch",
            LibrarySource = ReadSourceHash(library),
            RunnerSource = Assembly.GetEntryAssembly() is { } program ? ReadSourceHash(program) : null,
            Commit = versionAndCommit is [_, var commit] ? commit : null,
        };
    }

    /// <summary>The hash that the build wrote into the assembly (build/HashSources.cs); null if there is none.</summary>
    private static string? ReadSourceHash(Assembly assembly) =>
        assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(data => data.Key == "SourceHash")?.Value;

    private static string Processor()
    {
        const string CpuInfo = "/proc/cpuinfo";
        var line = File.Exists(CpuInfo)
            ? File.ReadLines(CpuInfo).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return line is null ? RuntimeInformation.ProcessArchitecture.ToString() : line[(line.IndexOf(':') + 1)..].Trim();
    }
}
