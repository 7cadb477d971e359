using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Foundation;

/// <summary>What a result was computed on. Never part of an experiment's identity.</summary>
/// <param name="Machine">Processor and number of cores.</param>
/// <param name="Device">Where tensors were: <c>cpu</c>, or the name of a GPU.</param>
/// <param name="Threads">Threads of the tensor library.</param>
/// <param name="System">Operating system.</param>
/// <param name="Runtime">.NET runtime.</param>
/// <param name="Torch">Version of TorchSharp.</param>
internal sealed record RunEnvironment(string Machine, string Device, int Threads, string System, string Runtime, string Torch)
{
    /// <summary>
    /// The commit that the library was built from, as the build wrote it into the assembly; null where there was no repository.
    /// </summary>
    public string? Commit { get; init; }

    /// <summary>Hash (16 hexadecimal digits) of the library's sources; null of results stored before it was recorded.</summary>
    public string? LibrarySource { get; init; }

    /// <summary>
    /// Hash of the sources of the program that ran it, the notebook runner; null of other programs, such as an editor's kernel.
    /// </summary>
    public string? RunnerSource { get; init; }

    /// <summary>
    /// <c>torch</c> where the library's own kernels were switched off (<see cref="ComputeDevice.IsAccelerated"/>); null otherwise.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Backend { get; init; }

    /// <summary>What this process runs on.</summary>
    /// <param name="device">Where its tensors are.</param>
    public static RunEnvironment Here(Device device) => new(
        $"{Processor()}, {Environment.ProcessorCount} cores", device.ToString(), get_num_threads(),
        RuntimeInformation.OSDescription, RuntimeInformation.FrameworkDescription, typeof(torch).Assembly.GetName().Version?.ToString()
            ?? "unknown")
    {
        Backend = ComputeDevice.IsAccelerated ? null : "torch",
        LibrarySource = SourceOf(typeof(RunEnvironment).Assembly),
        RunnerSource = Assembly.GetEntryAssembly() is { } program ? SourceOf(program) : null,
        Commit = typeof(RunEnvironment).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split(
            '+') is [_, var commit] ? commit : null,
    };

    /// <summary>As the build wrote it into the assembly (build/HashSources.cs).</summary>
    private static string? SourceOf(Assembly assembly) =>
        assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(data => data.Key == "SourceHash")?.Value;

    private static string Processor()
    {
        const string Table = "/proc/cpuinfo";
        var line = File.Exists(Table) ? File.ReadLines(Table).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return line is null ? RuntimeInformation.ProcessArchitecture.ToString() : line[(line.IndexOf(':') + 1)..].Trim();
    }
}
