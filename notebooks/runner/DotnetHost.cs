namespace DeviceId.Notebooks;

/// <summary>The dotnet command that runs us, for the processes that we start.</summary>
internal static class DotnetHost
{
    /// <summary>Full path where it is known, else what the shell finds.</summary>
    public static string Path { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } named ? named
        : System.IO.Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";
}
