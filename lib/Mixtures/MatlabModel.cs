using DeviceId.Foundation;
using PureHDF;
using static TorchSharp.torch;

namespace DeviceId.Mixtures;

/// <summary>Background models of the paper's laboratory: MATLAB 7.3 files (HDF5), group <c>ubm</c> with <c>means</c>, <c>cova</c> and <c>weights</c>.</summary>
public static class MatlabModel
{
    private static ReadOnlySpan<byte> Hdf5Signature => [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0D, 0x0A, 0x1A, 0x0A];
    private const int MatlabUserBlock = 512;

    /// <summary>Reads a model; weights are divided by their sum.</summary>
    /// <exception cref="MixtureException">The file is absent, damaged, older than MATLAB 7.3 or holds no such group.</exception>
    public static DiagonalGmm Read(string path)
    {
        ComputeDevice.Load();
        try
        {
            RequireHdf5(path);
            using var file = H5File.OpenRead(path);
            return Assemble(path, file.Group("ubm"));
        }
        catch (Exception error) when (error is not MixtureException and not OutOfMemoryException)
        {
            // PureHDF answers damage with many kinds of exception; all of them mean that this file cannot be read.
            throw new MixtureException(path, $"no background model can be read from it ({error.Message}).", error);
        }
    }

    private static DiagonalGmm Assemble(string path, IH5Group group)
    {
        using var scope = NewDisposeScope();
        var weights = Numbers(path, group, "weights");
        var means = Matrix(path, group, "means", weights.Length);
        var variances = Matrix(path, group, "cova", weights.Length);
        var w = tensor(weights);
        return new DiagonalGmm(w / w.sum(), means, variances);
    }

    // Laid out (coefficient, component) by the laboratory; the number of weights tells which axis is which, should a file be the other way round.
    private static Tensor Matrix(string path, IH5Group group, string name, int components)
    {
        var shape = group.Dataset(name).Space.Dimensions;
        var numbers = Numbers(path, group, name);
        if (shape.Length != 2 || (shape[0] != (ulong)components && shape[1] != (ulong)components))
            throw new MixtureException(path, $"'{name}' is {string.Join(" x ", shape)}, but there are {components} weights.");
        var matrix = tensor(numbers).view((long)shape[0], (long)shape[1]);
        return shape[1] == (ulong)components ? matrix.t() : matrix;
    }

    private static double[] Numbers(string path, IH5Group group, string name)
    {
        var dataset = group.Dataset(name);
        // A damaged header must not make us allocate; no background model comes near 16 million numbers.
        var count = dataset.Space.Dimensions.Aggregate(1.0, (product, d) => product * d);
        if (count is < 1 or > 1 << 24)
            throw new MixtureException(path, $"'{name}' claims {count} numbers: the file is damaged.");
        return dataset.Read<double[]>();
    }

    private static void RequireHdf5(string path)
    {
        using var stream = File.OpenRead(path);
        Span<byte> signature = stackalloc byte[Hdf5Signature.Length];
        foreach (var at in (int[])[0, MatlabUserBlock])
        {
            stream.Position = at;
            if (stream.ReadAtLeast(signature, signature.Length, throwOnEndOfStream: false) == signature.Length && signature.SequenceEqual(Hdf5Signature))
                return;
        }

        throw new MixtureException(path, "this is no MATLAB 7.3 file (HDF5). In MATLAB, load it and save it again with save(..., '-v7.3').");
    }
}
