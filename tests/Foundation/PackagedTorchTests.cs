using DeviceId.Foundation;
using TorchSharp;

namespace DeviceId.Tests.Foundation;

public sealed class PackagedTorchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ALibraryThatThisSystemLoadsIsUsedInPlace()
    {
        var library = Path.Combine(AppContext.BaseDirectory, "libLibTorchSharp.so");
        if (!File.Exists(library))
            Assert.Skip("only Linux has this file");
        Assert.Equal(library, PackagedTorch.Mend(library, _folder.Path));
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void AMendedCopyIsKeptAndADamagedOneIsReplaced()
    {
        var original = Original();
        var bytes = File.ReadAllBytes(original);
        if (!GlibcxxRequirement.Weaken(bytes))
            Assert.Skip("the C++ runtime of this system is new enough");
        var mended = PackagedTorch.Mend(original, _folder.File("new/folder"));
        Assert.Equal(bytes, File.ReadAllBytes(mended));
        Assert.Equal(1, File.ReadAllBytes(original).Zip(bytes).Count(pair => pair.First != pair.Second));

        var written = File.GetLastWriteTimeUtc(mended);
        Assert.Equal(mended, PackagedTorch.Mend(original, _folder.File("new/folder")));
        Assert.Equal(written, File.GetLastWriteTimeUtc(mended));

        File.WriteAllBytes(mended, bytes[..1000]);
        PackagedTorch.Mend(original, _folder.File("new/folder"));
        Assert.Equal(bytes, File.ReadAllBytes(mended));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(64)]
    public void AFileThatIsNoLibraryStaysAsItIs(int length)
    {
        File.WriteAllBytes(_folder.File("file"), new byte[length]);
        Assert.Equal(_folder.File("file"), PackagedTorch.Mend(_folder.File("file"), _folder.File("cache")));
    }

    /// <summary>TorchSharp's library as its package contains it.</summary>
    private static string Original()
    {
        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } named ? named
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        var version = typeof(torch).Assembly.GetName().Version!.ToString(3);
        var library = Path.Combine(packages, "torchsharp", version, "runtimes", "linux-x64", "native", "libLibTorchSharp.so");
        if (!File.Exists(library))
            Assert.Skip($"{library} is missing");
        return library;
    }
}
