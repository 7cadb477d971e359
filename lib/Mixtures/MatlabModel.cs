using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Mixtures;

/// <summary>
/// Reads background models of the paper's authors: MATLAB 7.3 files (HDF5), group <c>ubm</c> with <c>means</c>, <c>cova</c> and
/// <c>weights</c>.
/// </summary>
internal static class MatlabModel
{
    private const string Group = "ubm";

    /// <summary>Reads a model; weights are normalised to sum to 1.</summary>
    /// <exception cref="MixtureException">The file is missing, damaged, older than MATLAB 7.3, or has no such group.</exception>
    public static DiagonalGmm Read(string path)
    {
        ComputeDevice.Load();
        try
        {
            return Assemble(path, Hdf5File.Open(path));
        }
        catch (Exception error) when (error is InvalidDataException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new MixtureException(path, $"no background model can be read from it: {error.Message}", error);
        }
    }

    private static DiagonalGmm Assemble(string path, Hdf5File file)
    {
        using var scope = NewDisposeScope();
        var weights = file.Dataset(Group, "weights").Read();
        var means = ReadMatrix(path, file, "means", weights.Length);
        var variances = ReadMatrix(path, file, "cova", weights.Length);
        var w = tensor(weights, device: CPU);
        return new DiagonalGmm(w / w.sum(), means, variances);
    }

    // The authors' layout is (coefficient, component); the number of weights tells the axes apart, in case a file is transposed.
    private static Tensor ReadMatrix(string path, Hdf5File file, string name, int components)
    {
        var dataset = file.Dataset(Group, name);
        var shape = dataset.Shape;
        if (shape.Count != 2 || (shape[0] != components && shape[1] != components))
            throw new MixtureException(path, $"'{name}' is {string.Join(" x ", shape)}, but there are {components} weights.");
        var matrix = tensor(dataset.Read(), device: CPU).view(shape[0], shape[1]);
        return shape[1] == components ? matrix.t() : matrix;
    }
}
