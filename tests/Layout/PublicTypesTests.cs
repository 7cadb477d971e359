using DeviceId.Foundation;

namespace DeviceId.Tests.Layout;

public sealed class PublicTypesTests
{
    /// <summary>
    /// Maximum number of public types. Users must search through them, and no change may break them: raise it for a type that notebooks or
    /// programs need, not for an internal helper.
    /// </summary>
    private const int MaxTypes = 179;

    /// <summary>
    /// Public types are a promise to users: a commit that changes them must also change tests/Golden/public-types.txt.
    /// </summary>
    [Fact]
    public void ThePublicTypesAreThoseOfTheList()
    {
        var listed = File.ReadAllLines(TestPaths.Golden("public-types.txt"));
        var found = typeof(ComputeDevice).Assembly.GetExportedTypes().Select(type => type.FullName!).ToList();
        Assert.InRange(found.Count, 1, MaxTypes);
        var added = string.Join('\n', found.Except(listed).Order(StringComparer.Ordinal));
        var removed = string.Join('\n', listed.Except(found));
        Assert.True(listed.ToHashSet().SetEquals(found), $"not in the list:\n{added}\nonly in the list:\n{removed}");
    }
}
