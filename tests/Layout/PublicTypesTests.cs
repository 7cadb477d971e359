using DeviceId.Foundation;

namespace DeviceId.Tests.Layout;

public sealed class PublicTypesTests
{
    /// <summary>What users can name is a promise: tests/Golden/public-types.txt changes in the commit that changes it, on purpose.</summary>
    [Fact]
    public void ThePublicTypesAreThoseOfTheList()
    {
        var listed = File.ReadAllLines(TestPaths.Golden("public-types.txt"));
        var found = typeof(ComputeDevice).Assembly.GetExportedTypes().Select(type => type.FullName!).ToList();
        Assert.NotEmpty(found);
        Assert.True(listed.ToHashSet().SetEquals(found), $"not in the list:\n{string.Join('\n', found.Except(listed).Order(StringComparer.Ordinal))}\nonly in the list:\n{string.Join('\n', listed.Except(found))}");
    }
}
