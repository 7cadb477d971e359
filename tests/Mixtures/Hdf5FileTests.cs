using System.Runtime.InteropServices;
using DeviceId.Foundation;
using DeviceId.Mixtures;

namespace DeviceId.Tests.Mixtures;

public sealed class Hdf5FileTests
{
    /// <summary>
    /// The values agree with those that the package PureHDF 2.2.0 read from the authors' files, before this reader replaced it: hashes of
    /// the values' bytes.
    /// </summary>
    [Theory]
    [InlineData(32, "575a44ba7256fce6", "9024bb40d6ca09b9", "664a281f5a9a3e4e")]
    [InlineData(64, "28449b6337e8b6f7", "99816a5173abd756", "f466c25ba3597a87")]
    [InlineData(128, "f1a3563901d124ca", "5f8341956441ba5e", "1951bc8a49481ec9")]
    [InlineData(256, "bc84f8c854c0af0e", "7df9b2b485725984", "a456397e94fa7495")]
    public void TheAuthorsModelsReadTheSameAsWithAnotherReader(int components, params string[] hashes)
    {
        var file = Hdf5File.Open(Path.Combine(TestPaths.RealData("ubm"), $"ubm{components}.mat"));
        Assert.Equal(hashes, new[] { "weights", "means", "cova" }
            .Select(name => ContentHash.HashBytes(MemoryMarshal.AsBytes<double>(file.Dataset("ubm", name).Read()))[..16]));
    }

    [Theory]
    [InlineData("matlab.h5")]
    [InlineData("chunked.h5")]
    [InlineData("two-nodes.h5")]
    public void ContiguousDeflatedAndChunkedDataReadTheSame(string name)
    {
        var file = Hdf5File.Open(Path.Combine(AppContext.BaseDirectory, "seeds", "matlab", name));
        var means = file.Dataset("ubm", "means");
        Assert.Equal([3L, 2L], means.Shape);
        Assert.Equal([0, 1, 2, 3, 4, 5], means.Read());
        Assert.Equal([0.25, 0.75], file.Dataset("ubm", "weights").Read());
        Assert.Contains("no 'variances'", Assert.Throws<InvalidDataException>(() => file.Dataset("ubm", "variances")).Message,
            StringComparison.Ordinal);
    }
}
