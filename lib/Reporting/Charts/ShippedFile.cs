namespace DeviceId.Reporting;

/// <summary>Files that the build puts beside the library.</summary>
internal static class ShippedFile
{
    /// <summary>Path of a file; it may not exist.</summary>
    public static string Find(string name)
    {
        var path = Path.Combine(Path.GetDirectoryName(typeof(ShippedFile).Assembly.Location)!, name);
        // In the package, the library is lib/<framework>/DeviceId.Lib.dll.
        var packaged = Path.GetFullPath(Path.Combine(path, "..", "..", "..", "buildTransitive", name));
        return !File.Exists(path) && File.Exists(packaged) ? packaged : path;
    }
}
