namespace DeviceId.Notebooks;

/// <summary>The dotnet command that runs this process, for starting child processes.</summary>
internal static class DotnetHost
{
    /// <summary>The full path if it is known, else "dotnet", which the system looks up in PATH.</summary>
    public static string Path { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } named ? named
        : System.IO.Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";
}
