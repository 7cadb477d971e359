using System.Reflection;
using System.Text.RegularExpressions;
using DeviceId.Foundation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace DeviceId.Tests.Layout;

/// <summary>The library's folders are layers: a folder uses only folders that are earlier in the list.</summary>
public sealed partial class LayeringTests
{
    internal static readonly string[] Order =
    [
        "Foundation", "Acceleration", "Audio", "Degradations", "Corpora", "Features", "Mixtures", "Data", "Models", "Training",
        "Classifiers", "Clustering", "Evaluation", "Experiments", "Identification", "Reporting",
    ];

    private static readonly Assembly Library = typeof(ComputeDevice).Assembly;

    [Fact]
    public void EveryFolderIsInTheListAndEveryNamespaceIsItsFolder()
    {
        var folders = Directory.GetDirectories(Path.Combine(TestPaths.Root, "lib")).Select(Path.GetFileName).ToList();
        Assert.NotEmpty(folders);
        Assert.All(folders, folder => Assert.Contains(folder, Order));
        var namespaces = Library.GetExportedTypes().Where(type => type != typeof(Session))
            .Select(type => type.Namespace!["DeviceId.".Length..]).Distinct().ToList();
        Assert.All(namespaces, name => Assert.Contains(name, folders));

        // Session, the entry point of notebooks, uses all layers, and no layer uses it.
        Assert.Equal(["Session.cs"], Directory.GetFiles(Path.Combine(TestPaths.Root, "lib")).Select(Path.GetFileName));
    }

    [Fact]
    public void AFolderUsesOnlyFoldersAboveIt()
    {
        using var file = File.OpenRead(Library.Location);
        var types = UsedTypes.Find(file).Where(type => LayerOf(type.Key) >= 0).ToList();
        Assert.True(types.Count > 30, $"only {types.Count} types were checked");
        Assert.Empty(
            from type in types
            from used in type.Value
            where LayerOf(used) > LayerOf(type.Key) || used == typeof(Session).FullName
            select $"{type.Key} uses {used}");

        // A sub-folder belongs to the layer of its folder.
        Assert.Equal(1, LayerOf(typeof(DeviceId.Acceleration.Simd.Simd512).FullName!));
    }

    [Theory]
    [InlineData("class Uses : Base;")]
    [InlineData("class Uses : IMarker;")]
    [InlineData("class Uses<T> where T : Base;")]
    [InlineData("class Uses { Marker field; }")]
    [InlineData("class Uses { List<int[]>[] none; List<Marker[]>[] field; }")]
    [InlineData("class Uses { Marker Property => null; }")]
    [InlineData("class Uses { event Handler Event { add { } remove { } } }")]
    [InlineData("class Uses { void Method(Marker parameter) { } }")]
    [InlineData("class Uses { void Method() => new Marker(); }")]
    [InlineData("class Uses { object Method(int i) => i switch { 0 => 1, 1 => 2, 2 => 3, 3 => 4, _ => new Marker() }; }")]
    [InlineData("class Uses { int Method() => Marker.Field; }")]
    [InlineData("class Uses { void Method() => Marker.Of<int>(); }")]
    [InlineData("class Uses { void Method() => Array.Empty<Marker>(); }")]
    [InlineData("class Uses { void Method() => new List<Marker>(); }")]
    [InlineData("class Uses { void Method() => Generic<int>.Of(); }")]
    [InlineData("class Uses { Func<object> Method() => () => new Marker(); }")]
    [InlineData("class Uses { IEnumerable<object> Method() { yield return new Marker(); } }")]
    [InlineData("class Uses { async Task Method() { await Task.Yield(); new Marker(); } }")]
    [InlineData("class Uses { class Nested { object Method() => new Marker.Inner(); } }")]
    [InlineData("class Uses { object Method() => typeof(Marker); }")]
    [InlineData("class Uses { bool Method(object o) => o is Marker; }")]
    [InlineData("class Uses { void Method() { try { Method(); } catch (Problem) { } } }")]
    [InlineData("class Uses { void Method() { try { Method(); } catch (Exception e) when (e is Problem) { } } }")]
    [InlineData("[Mark] class Uses;")]
    [InlineData("class Uses { [Mark] int field; }")]
    [InlineData("class Uses { void Method([Mark] int parameter) { } }")]
    [InlineData("class Uses { [return: Mark] int Method() => 1; }")]
    [InlineData("class Uses { [Obsolete] [Names(typeof(List<Marker[]>))] void Method() { } }")]
    [InlineData("class Uses { [Names(Kind.One)] void Method() { } }")]
    [InlineData("unsafe class Uses { void Method(delegate*<Marker, void> call) { } }")]
    [InlineData("unsafe class Uses { void Method(void* call) => ((delegate*<Marker, void>)call)(null); }")]
    public void EveryKindOfUseIsFound(string source) =>
        Assert.Contains(UsesOf(source), used => used.StartsWith("Below.", StringComparison.Ordinal));

    [Theory]
    [InlineData("class Uses { string Method() => nameof(Marker) + \"Below.Marker\"; }")]
    [InlineData("class Uses { long Method() => 0x7302000004730200 + 0x28020000; }")]
    [InlineData("class Uses { double Method(int i) => i switch { 0 => 1e300, 1 => 2.5, 2 => 3.5f, 3 => 4, 5 => 6, _ => 1L << 40 }; }")]
    public void NothingIsFoundWhereNothingIsUsed(string source) =>
        Assert.DoesNotContain(UsesOf(source), used => used.StartsWith("Below.", StringComparison.Ordinal));

    [Fact]
    public void ConstantsThatLookLikeInstructionsAreNotMistakenForThem()
    {
        // The bytes of each number are those of a call (0x28) or newobj (0x73) of one of the first methods of the assembly.
        var calls =
            from row in Enumerable.Range(1, 30)
            from code in new[] { 0x28, 0x73 }
            select $"Same({((0x06000000L | (uint)row) << 8) | (uint)code}L)";
        Assert.DoesNotContain(
            UsesOf($"class Uses {{ long[] Method() => [{string.Join(", ", calls)}]; long Same(long n) => n; }}"),
            used => used.StartsWith("Below.", StringComparison.Ordinal));
    }

    /// <summary>
    /// A public type is in a file of its name, or together with related types in a file named after one of them that is public.
    /// </summary>
    [Fact]
    public void AFileIsNamedAfterATypeThatItDeclares()
    {
        var types = Library.GetExportedTypes().Where(type => !type.IsNested).Select(type => type.Name.Split('`')[0]).ToHashSet();
        var files = RepositoryFiles.Under("lib")
            .Select(path => (Name: Path.GetFileNameWithoutExtension(path), Declared: Declared(RepositoryFiles.Read(path)))).ToList();
        Assert.NotEmpty(types);
        Assert.All(files, file => Assert.Contains(file.Name, file.Declared));
        Assert.All(types, type => Assert.Contains(files, file => file.Declared.Contains(type) && types.Contains(file.Name)));
    }

    [Fact]
    public void NoFolderHoldsMoreThan25SourceFiles()
    {
        var folders = RepositoryFiles.Under("lib").GroupBy(file => Path.GetDirectoryName(file)!).ToList();
        Assert.True(folders.Count > 15, $"only {folders.Count} folders were checked");
        Assert.Empty(folders.Where(folder => folder.Count() > 25).Select(folder => $"{folder.Key}: {folder.Count()} files"));
    }

    /// <summary>Names of the types that a source file declares, without nested types.</summary>
    private static IReadOnlyList<string> Declared(string source) =>
        [.. TypeDeclaration().Matches(source).Select(match => match.Groups["name"].Value)];

    private static int LayerOf(string type)
    {
        var parts = type.Split('.');
        return parts.Length > 2 && parts[0] == "DeviceId" ? Array.IndexOf(Order, parts[1]) : -1;
    }

    /// <summary>The types that the class <c>Uses</c> uses, after compilation together with types that it could use.</summary>
    private static IReadOnlySet<string> UsesOf(string source)
    {
        const string Below = """
            namespace Below
            {
                class Base; interface IMarker; delegate void Handler(); class Problem : System.Exception; enum Kind { None, One }
                class Marker { public static int Field; public static void Of<T>() { } public class Inner; }
                class Generic<T> { public static void Of() { } }
                class MarkAttribute : System.Attribute;
            }
            class NamesAttribute(object named) : System.Attribute;
            namespace Above
            {
                using System; using System.Collections.Generic; using System.Threading.Tasks; using Below;

            """;
        var cancelled = TestContext.Current.CancellationToken;
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create(
            "try", [CSharpSyntaxTree.ParseText(Below + source + "\n}", cancellationToken: cancelled)], references,
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true));
        var assembly = new MemoryStream();
        var result = compilation.Emit(assembly, cancellationToken: cancelled);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        assembly.Position = 0;
        return UsedTypes.Find(assembly).Single(type => type.Key.Split('`')[0] == "Above.Uses").Value;
    }

    [GeneratedRegex(
        @"^(?:(?:public|internal|sealed|static|abstract|readonly|partial|unsafe|file|ref) )*"
            + @"(?:class|record struct|record|struct|interface|enum|delegate \S+) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex TypeDeclaration();
}
