using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Fuzz;

/// <summary>
/// The container format of all model files: magic, lengths, header and data are the input; the correct checksum is appended.
/// </summary>
internal sealed class ModelFileTarget() : FuzzTarget("model-file", typeof(ModelFileException))
{
    private const string Kind = "background model";

    public override IEnumerable<byte[]> Seeds()
    {
        var path = Path.Combine(Scratch.Folder, "seed");
        ComputeDevice.Load();
        using var scope = NewDisposeScope();
        TensorFile.Write(path, Kind, "about",
            [("a", zeros(2, 3)), ("b", zeros(1, ScalarType.Int64)), ("empty", zeros(0, 4, ScalarType.Float64))]);
        return [File.ReadAllBytes(path)[..^32]];
    }

    protected override void Read(byte[] input)
    {
        using var scope = NewDisposeScope();
        WithFile("model", ModelInput.Signed(input), path =>
        {
            var (about, tensors) = TensorFile.Read(path, Kind);
            Require(about is not null && tensors.All(t => t.Name is not null && t.Tensor.numel() * t.Tensor.element_size() <= input.Length),
                "more was read than the file holds");
        });
    }
}
