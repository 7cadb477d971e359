using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DeviceId.Notebooks.Format;

namespace DeviceId.Notebooks.Jupyter;

/// <summary>The registration of the kernel: a folder with kernel.json in the user's Jupyter data folder.</summary>
internal static class KernelSpec
{
    /// <summary>The name under which the kernel is always registered.</summary>
    public const string Name = "deviceid";

    /// <summary>The name that VS Code writes into notebooks for .NET Interactive: these open without choosing a kernel.</summary>
    public const string PolyglotName = ".net-csharp";

    public const string DisplayName = ".NET (C#) DeviceId";

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping
    };

    /// <summary>The folder of this user's kernels; JUPYTER_DATA_DIR, if set, changes it.</summary>
    public static string KernelsFolder { get; } = Path.Combine(DataFolder(), "kernels");

    private static string KernelAssembly { get; } = typeof(KernelSpec).Assembly.Location;

    /// <summary>Registers the kernel and returns the folders written. It never replaces a registration of .NET Interactive.</summary>
    /// <exception cref="NotebookException">The folder cannot be written.</exception>
    public static IReadOnlyList<string> Install()
    {
        var names = IsOther(PolyglotName) ? [Name] : new[] { Name, PolyglotName };
        try
        {
            return [.. names.Select(Write)];
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new NotebookException($"{KernelsFolder}: the kernel cannot be registered: {problem.Message}", problem);
        }
    }

    /// <summary>Deletes this kernel's registrations and returns their folders.</summary>
    public static IReadOnlyList<string> Remove()
    {
        var ours = new[] { Name, PolyglotName }.Where(n => Registered(n) is not null && !IsOther(n))
            .Select(n => Path.Combine(KernelsFolder, n)).ToArray();
        foreach (var folder in ours)
            Directory.Delete(folder, recursive: true);
        return ours;
    }

    /// <summary>Whether Jupyter would start this build of the runner.</summary>
    public static bool IsCurrent => Registered(Name)?.Contains(KernelAssembly) == true;

    private static bool IsOther(string name) =>
        Registered(name) is { } command && !command.Any(a => Path.GetFileName(a) == Path.GetFileName(KernelAssembly));

    /// <summary>The command line of a registered kernel; null if there is none.</summary>
    public static IReadOnlyList<string>? Registered(string name)
    {
        var path = Path.Combine(KernelsFolder, name, "kernel.json");
        if (!File.Exists(path))
            return null;
        try
        {
            return [.. JsonNode.Parse(File.ReadAllText(path))!["argv"]!.AsArray().Select(a => (string?)a ?? "")];
        }
        catch (Exception problem) when (problem is JsonException or NullReferenceException or InvalidOperationException or IOException)
        {
            return [];
        }
    }

    private static string Write(string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(KernelsFolder, name)).FullName;
        var specification = new JsonObject
        {
            ["argv"] = new JsonArray(DotnetHost.Path, KernelAssembly, JupyterKernel.Verb, "{connection_file}"),
            ["display_name"] = DisplayName,
            ["language"] = "C#",
            ["interrupt_mode"] = "message",
            ["metadata"] = new JsonObject { ["debugger"] = false },
        };
        File.WriteAllText(Path.Combine(folder, "kernel.json"), specification.ToJsonString(Indented));
        File.WriteAllText(Path.Combine(folder, "logo-svg.svg"), Logo, Encoding.UTF8);
        return folder;
    }

    private static string DataFolder()
    {
        if (Environment.GetEnvironmentVariable("JUPYTER_DATA_DIR") is { Length: > 0 } named)
            return Path.GetFullPath(named);
        if (OperatingSystem.IsMacOS())
            return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), "Library", "Jupyter");
        // On Linux this is XDG_DATA_HOME or ~/.local/share, on Windows %APPDATA%: where Jupyter looks on both.
        var data = OperatingSystem.IsWindows() ? Environment.SpecialFolder.ApplicationData : Environment.SpecialFolder.LocalApplicationData;
        return Path.Combine(Environment.GetFolderPath(data, Environment.SpecialFolderOption.DoNotVerify), "jupyter");
    }

    // A phone with sound waves.
    private const string Logo = """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">
        <rect x="14" y="4" width="28" height="56" rx="5" fill="none" stroke="#0072b2" stroke-width="4"/>
        <path d="M21 32v0M28 24v16M35 18v28" stroke="#d55e00" stroke-width="4" stroke-linecap="round"/>
        <path d="M49 24q6 8 0 16" fill="none" stroke="#0072b2" stroke-width="4" stroke-linecap="round"/></svg>
        """;
}
