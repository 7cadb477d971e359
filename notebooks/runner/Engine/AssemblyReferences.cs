using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using DeviceId.Notebooks.Format;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Scripting.Hosting;

namespace DeviceId.Notebooks.Engine;

/// <summary>
/// Loads the assemblies that notebooks name with #r, and their dependencies from the same folders. If the runner itself has an assembly of
/// the same name, the runner's is used: types from two copies of an assembly in one process are different types.
/// </summary>
internal sealed class AssemblyReferences
{
    private static readonly Dictionary<string, string> Own = ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .GroupBy(p => Path.GetFileNameWithoutExtension(p), StringComparer.OrdinalIgnoreCase)
        .ToDictionary(g => g.Key, g => g.First(), StringComparer.OrdinalIgnoreCase);

    private readonly List<string> _folders = [];
    private readonly Dictionary<string, string> _natives = new(StringComparer.OrdinalIgnoreCase);
    private readonly PackageRestore _packages = new();
    private readonly Queue<string> _extensions = [];
    private readonly InteractiveAssemblyLoader _loader;

    public AssemblyReferences(InteractiveAssemblyLoader loader)
    {
        _loader = loader;
        AssemblyLoadContext.Default.Resolving += Resolve;
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += ResolveNative;
    }

    /// <summary>The platform's assemblies and those of the runner that notebooks may use.</summary>
    public static IEnumerable<MetadataReference> Platform()
    {
        var runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        Assembly[] shared =
        [
            typeof(AssemblyReferences).Assembly,
            typeof(Microsoft.DotNet.Interactive.Kernel).Assembly,
            typeof(Microsoft.DotNet.Interactive.Formatting.Formatter).Assembly,
            typeof(System.Reactive.Unit).Assembly,
            typeof(Microsoft.AspNetCore.Html.IHtmlContent).Assembly,
        ];
        return Own.Values.Where(p => Path.GetDirectoryName(p) == runtime)
            .Concat(shared.Select(a => a.Location))
            .Select(p => MetadataReference.CreateFromFile(p));
    }

    /// <summary>Loads what a #r names and returns references for the compiler; none for an assembly of the platform.</summary>
    /// <param name="name">A file, or "nuget: Name, Version".</param>
    /// <param name="folder">The base of relative paths.</param>
    /// <exception cref="NotebookException">There is no such file, it is not an assembly, or the package cannot be restored.</exception>
    public IReadOnlyList<MetadataReference> Add(string name, string folder)
    {
        if (!PackageRestore.IsPackage(name))
            return AddFile(name, folder) is { } reference ? [reference] : [];
        if (_packages.Restore(name) is not { } files)
            return [];
        foreach (var native in files.Natives)
            _natives[Path.GetFileName(native)] = native;
        _folders.AddRange(files.Assemblies.Select(p => Path.GetDirectoryName(p)!).Except(_folders));
        foreach (var extension in files.Extensions)
            _extensions.Enqueue(extension);
        return [.. files.Assemblies.Select(path => AddFile(path, folder)).OfType<MetadataReference>()];
    }

    /// <summary>The next script that a package brings for notebooks; each is named once.</summary>
    public bool TryTakeExtension([NotNullWhen(true)] out string? path) => _extensions.TryDequeue(out path);

    private MetadataReference? AddFile(string name, string folder)
    {
        var path = Path.GetFullPath(name, folder);
        if (!File.Exists(path))
        {
            throw new NotebookException(
                $"#r \"{name}\": there is no file '{path}'. Build the library first: dotnet build DeviceId.Lib.csproj");
        }

        var home = Path.GetDirectoryName(path)!;
        if (!_folders.Contains(home))
            _folders.Add(home);
        var assembly = Path.GetFileNameWithoutExtension(path);
        if (Own.TryGetValue(assembly, out var own))
            return AddOwn(own, path);
        // If an assembly of this name is already loaded, from whatever folder, it is used: a process holds only one.
        if (AssemblyLoadContext.Default.Assemblies.FirstOrDefault(a => a.GetName().Name == assembly) is { Location.Length: > 0 } loaded)
        {
            NameDifference(loaded.Location, path, "it is loaded already");
            path = loaded.Location;
        }

        try
        {
            _loader.RegisterDependency(AssemblyLoadContext.Default.LoadFromAssemblyPath(path));
        }
        catch (BadImageFormatException problem)
        {
            throw new NotebookException($"#r \"{name}\": '{path}' is not a .NET assembly.", problem);
        }
        catch (FileLoadException problem)
        {
            throw new NotebookException($"#r \"{name}\": '{path}' cannot be loaded: {problem.Message}", problem);
        }

        return MetadataReference.CreateFromFile(path);
    }

    /// <summary>A reference to an assembly of the runner; null for one of the platform, which the compiler has already.</summary>
    private PortableExecutableReference? AddOwn(string own, string asked)
    {
        if (Path.GetDirectoryName(own) == Path.GetDirectoryName(typeof(object).Assembly.Location))
            return null;
        NameDifference(own, asked, "the runner has it itself");
        _loader.RegisterDependency(AssemblyLoadContext.Default.LoadFromAssemblyPath(own));
        return MetadataReference.CreateFromFile(own);
    }

    // Without this a missing member of the other version would be a riddle.
    private static void NameDifference(string used, string asked, string reason)
    {
        var (version, other) = (Version(used), Version(asked));
        if (version != other)
        {
            Console.Error.WriteLine($"{Path.GetFileNameWithoutExtension(asked)} {version} is used, not {other}: {reason}, "
                + "and a process holds only one version.");
        }
    }

    private static string? Version(string path) => FileVersionInfo.GetVersionInfo(path).FileVersion;

    private Assembly? Resolve(AssemblyLoadContext context, AssemblyName name) => _folders
        .Select(f => Path.Combine(f, name.Name + ".dll"))
        .Where(File.Exists)
        .Select(context.LoadFromAssemblyPath)
        .FirstOrDefault();

    private nint ResolveNative(Assembly assembly, string name) =>
        new[] { name, $"lib{name}.so", $"lib{name}.dylib", $"{name}.so", $"{name}.dylib", $"{name}.dll" }
        .Select(file => _natives.GetValueOrDefault(file)).FirstOrDefault(path => path is not null) is { } found
            ? NativeLibrary.Load(found) : 0;
}
