using System.Reflection;
using System.Text.RegularExpressions;
using DeviceId.Foundation;

namespace DeviceId.Tests.Layout;

/// <summary>Audio goes in at the top of the list, a table comes out at the bottom, and nothing flows back up.</summary>
public sealed partial class LayeringTests
{
    internal static readonly string[] Order =
        ["Foundation", "Acceleration", "Audio", "Degradations", "Corpora", "Features", "Mixtures", "Data", "Models", "Training",
            "Classifiers", "Evaluation", "Experiments", "Identification", "Reporting"];

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
        // What a notebook opens first uses all of them, and none of them uses it.
        Assert.Equal(["Session.cs"], Directory.GetFiles(Path.Combine(TestPaths.Root, "lib")).Select(Path.GetFileName));
    }

    [Fact]
    public void AFolderUsesOnlyFoldersAboveIt()
    {
        var violations = new List<string>();
        var checkedTypes = 0;
        foreach (var type in Library.GetTypes().Where(t => LayerOf(t) >= 0))
        {
            checkedTypes++;
            foreach (var used in UsedTypes(type).Where(used => LayerOf(used) > LayerOf(type) || used == typeof(Session)).Distinct())
                violations.Add($"{type.FullName} uses {used.FullName}");
        }

        Assert.True(checkedTypes > 30, $"only {checkedTypes} types were looked at");
        Assert.Empty(violations);
        // Folders within folders are of the same layer.
        Assert.Equal(1, LayerOf(typeof(DeviceId.Acceleration.Simd.Simd512)));
    }

    /// <summary>
    /// A public type has a file of its name, or stands with its family in a file that is named after another public type of it.
    /// </summary>
    [Fact]
    public void AFileIsNamedAfterATypeThatItDeclares()
    {
        var types = Library.GetExportedTypes().Where(type => !type.IsNested).Select(type => type.Name.Split('`')[0]).ToHashSet();
        var files = Directory.GetFiles(Path.Combine(TestPaths.Root, "lib"), "*.cs", SearchOption.AllDirectories)
            .Select(path => (Name: Path.GetFileNameWithoutExtension(path), Declared: Declared(File.ReadAllText(path)))).ToList();
        Assert.NotEmpty(types);
        Assert.All(files, file => Assert.Contains(file.Name, file.Declared));
        Assert.All(types, type => Assert.Contains(files, file => file.Declared.Contains(type) && types.Contains(file.Name)));
    }

    /// <summary>Names of the types that a source file declares, nested ones left out.</summary>
    private static IReadOnlyList<string> Declared(string source) =>
        [.. TypeDeclaration().Matches(source).Select(match => match.Groups["name"].Value)];

    [GeneratedRegex(@"^(?:(?:public|internal|sealed|static|abstract|readonly|partial|unsafe|file|ref) )*(?:class|record struct|record|struct|interface|enum|delegate \S+) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex TypeDeclaration();

    private static int LayerOf(Type type)
    {
        var name = type.Namespace ?? "";
        return name.StartsWith("DeviceId.", StringComparison.Ordinal) ? Array.IndexOf(Order, name.Split('.')[1]) : -1;
    }

    /// <summary>Types in signatures, fields, base types, attributes and method bodies (by the tokens of their instructions).</summary>
    private static IEnumerable<Type> UsedTypes(Type type)
    {
        const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance
            | BindingFlags.DeclaredOnly;
        var direct = new List<Type?> { type.BaseType };
        direct.AddRange(type.GetInterfaces());
        direct.AddRange(type.GetFields(All).Select(field => field.FieldType));
        direct.AddRange(type.GetProperties(All).Select(property => property.PropertyType));
        foreach (var method in type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All)))
        {
            direct.AddRange(method.GetParameters().Select(parameter => parameter.ParameterType));
            if (method is MethodInfo info)
                direct.Add(info.ReturnType);
            direct.AddRange(method.GetMethodBody()?.LocalVariables.Select(local => local.LocalType) ?? []);
            direct.AddRange(TypesInBody(method));
        }

        return direct.Where(used => used is not null).SelectMany(used => Unwrap(used!));
    }

    private static IEnumerable<Type> TypesInBody(MethodBase method)
    {
        var il = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        var typeArguments = method.DeclaringType is { IsGenericType: true } owner ? owner.GetGenericArguments() : null;
        var methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        // Every four bytes that are a valid token of this module: a superset of the real operands. Only tokens of our own types
        // can add anything, and an accidental one would have to name a type further down to do harm.
        for (var i = 1; i + 4 <= il.Length; i++)
        {
            if (il[i - 1] is not (0x28 or 0x6f or 0x73 or 0x7b or 0x7c or 0x7d or 0x7e or 0x7f or 0x80 or 0xd0 or 0x74 or 0x75 or 0x8d))
                continue;
            MemberInfo? member = null;
            try
            {
                member = method.Module.ResolveMember(BitConverter.ToInt32(il, i), typeArguments, methodArguments);
            }
            catch (ArgumentException)
            {
            }

            if (member is not null)
                yield return member as Type ?? member.DeclaringType ?? typeof(object);
        }
    }

    private static IEnumerable<Type> Unwrap(Type type)
    {
        if (type.HasElementType)
            return Unwrap(type.GetElementType()!);
        return type.IsGenericType ? type.GetGenericArguments().SelectMany(Unwrap).Prepend(type) : [type];
    }
}
