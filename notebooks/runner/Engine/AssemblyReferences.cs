using System.Reflection;
using System.Runtime.Loader;
using DeviceId.Notebooks.Format;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Scripting.Hosting;

namespace DeviceId.Notebooks.Engine;

/// <summary>
/// Loads what notebooks name with #r, and what that needs from the same folders. Where the runner itself has an assembly of that name,
/// the runner's is used: one process cannot hold two of them and compare their types.
/// </summary>
internal sealed class AssemblyReferences
{
    private static readonly Dictionary<string, string> Own = ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .GroupBy(p => Path.GetFileNameWithoutExtension(p), StringComparer.OrdinalIgnoreCase)
        .ToDictionary(g => g.Key, g => g.First(), StringComparer.OrdinalIgnoreCase);

    private readonly List<string> _folders = [];
    private readonly InteractiveAssemblyLoader _loader;

    public AssemblyReferences(InteractiveAssemblyLoader loader)
    {
        _loader = loader;
        AssemblyLoadContext.Default.Resolving += Resolve;
    }

    /// <summary>The platform's assemblies and those of the runner that notebooks may use.</summary>
    public static IEnumerable<MetadataReference> Platform()
    {
        var runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var offered = new[] { typeof(AssemblyReferences).Assembly, typeof(Microsoft.DotNet.Interactive.Formatting.Formatter).Assembly, typeof(Microsoft.AspNetCore.Html.IHtmlContent).Assembly };
        return Own.Values.Where(p => Path.GetDirectoryName(p) == runtime)
            .Concat(offered.Select(a => a.Location))
            .Select(p => MetadataReference.CreateFromFile(p));
    }

    /// <summary>Loads a file and returns what the compiler needs; nothing when the runner has that assembly already.</summary>
    /// <exception cref="NotebookException">No such file, or not an assembly.</exception>
    public MetadataReference? Add(string name, string folder)
    {
        var path = Path.GetFullPath(name, folder);
        if (!File.Exists(path))
            throw new NotebookException($"#r \"{name}\": there is no file '{path}'. Build the library first: dotnet build DeviceId.Lib.csproj");
        var home = Path.GetDirectoryName(path)!;
        if (!_folders.Contains(home))
            _folders.Add(home);
        if (Own.ContainsKey(Path.GetFileNameWithoutExtension(path)))
            return null;
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

    private Assembly? Resolve(AssemblyLoadContext context, AssemblyName name) => _folders
        .Select(f => Path.Combine(f, name.Name + ".dll"))
        .Where(File.Exists)
        .Select(context.LoadFromAssemblyPath)
        .FirstOrDefault();
}
