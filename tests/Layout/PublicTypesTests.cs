using DeviceId.Foundation;

namespace DeviceId.Tests.Layout;

public sealed class PublicTypesTests
{
    /// <summary>
    /// What a user must look through to find hers, and what no change may break. More than these are machinery: raise it for something that
    /// notebooks or programs need, not for a helper.
    /// </summary>
    private const int Most = 130;

    /// <summary>
    /// What users can name is a promise: tests/Golden/public-types.txt changes in the commit that changes it, on purpose.
    /// </summary>
    [Fact]
    public void ThePublicTypesAreThoseOfTheList()
    {
        var listed = File.ReadAllLines(TestPaths.Golden("public-types.txt"));
        var found = typeof(ComputeDevice).Assembly.GetExportedTypes().Select(type => type.FullName!).ToList();
        Assert.InRange(found.Count, 1, Most);
        Assert.True(listed.ToHashSet().SetEquals(found),
            $"not in the list:\n{string.Join('\n', found.Except(listed).Order(StringComparer.Ordinal))}\nonly in the list:\n{string.Join('\n', listed.Except(found))}");
    }
}
