using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Tests.Foundation;

[Collection(TensorCollection.Name)]
public sealed class ModelFileTests : IDisposable
{
    private const string Kind = "test";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void EveryTruncationAndEveryFlippedBitIsDetected()
    {
        using var scope = NewDisposeScope();
        var path = _folder.File("model");
        TensorFile.Write(path, Kind, "", [("a", arange(3, ScalarType.Float32))]);
        var file = File.ReadAllBytes(path);
        Assert.Equal(3, TensorFile.Read(path, Kind).Tensors[0].Tensor.numel());
        for (var length = 0; length < file.Length; length++)
            AssertRefused(file[..length], $"cut to {length} bytes");
        for (var bit = 0; bit < 8 * file.Length; bit++)
        {
            var flipped = (byte[])file.Clone();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            AssertRefused(flipped, $"bit {bit} flipped");
        }

        AssertRefused([.. file, 0], "one byte too many");

        void AssertRefused(byte[] contents, string what)
        {
            File.WriteAllBytes(path, contents);
            var error = Record.Exception(() => TensorFile.Read(path, Kind));
            Assert.True(error is ModelFileException, $"{what}: {error?.ToString() ?? "read"}");
        }
    }

    [Theory]
    [InlineData("{\"kind\":null,\"about\":\"\",\"tensors\":[]}")]
    [InlineData("{\"kind\":\"x\",\"tensors\":[]}")]
    [InlineData("{\"kind\":\"x\",\"about\":\"\",\"tensors\":[null]}")]
    [InlineData("{\"kind\":\"x\",\"about\":\"\",\"tensors\":[{\"name\":\"a\",\"type\":\"float32\"}]}")]
    public void JsonWithANullInANonNullableMemberIsRefused(string text) =>
        Assert.Throws<System.Text.Json.JsonException>(() => Json.Read<TensorFile.Header>(text));
}
