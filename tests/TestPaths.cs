namespace DeviceId.Tests;

/// <summary>Paths of the repository, of golden files, and of data outside the repository.</summary>
internal static class TestPaths
{
    /// <summary>The repository's root: the folder above this project that contains DeviceId.Lib.csproj.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A committed file of reference values.</summary>
    public static string Golden(params string[] parts) => Path.Combine([AppContext.BaseDirectory, "Golden", .. parts]);

    /// <summary>
    /// A folder or file of the real data (DEVICEID_DATA, else ../shared beside the repository). Skips the test with a reason if it is
    /// missing.
    /// </summary>
    public static string RealData(string name)
    {
        var bases = new[] { Environment.GetEnvironmentVariable("DEVICEID_DATA"), Path.Combine(Root, "..", "shared") };
        var path = bases.Where(b => !string.IsNullOrEmpty(b)).Select(b => Path.GetFullPath(Path.Combine(b!, name)))
            .FirstOrDefault(p => Directory.Exists(p) || File.Exists(p));
        if (path is null)
            Assert.Skip($"'{name}' is not on this machine: set DEVICEID_DATA to the folder that holds it.");
        return path!;
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "DeviceId.Lib.csproj")))
            folder = Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar))
                ?? throw new InvalidOperationException("DeviceId.Lib.csproj is in no folder above the tests.");
        return folder;
    }
}
