using DeviceId.Mixtures;

namespace DeviceId.Fuzz;

/// <summary>Background models in MATLAB 7.3 files (HDF5), as the paper's authors store them.</summary>
internal sealed class MatlabTarget() : FuzzTarget("matlab", typeof(MixtureException))
{
    public override IEnumerable<byte[]> Seeds() =>
        Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "seeds", "matlab")).Order(StringComparer.Ordinal)
        .Select(File.ReadAllBytes);

    protected override void Read(byte[] input) => WithFile("model.mat", input, path =>
    {
        using var model = MatlabModel.Read(path);
        Require(model.Components > 0 && model.Dimension > 0, "an empty model was read");
    });
}
