using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Mixtures;

/// <summary>The file format of a mixture (<see cref="TensorFile"/>): weights, means, variances in float64.</summary>
internal static class DiagonalGmmFile
{
    private const string Kind = "background model";

    public static void Write(string path, DiagonalGmm model) =>
        TensorFile.Write(path, Kind, "", [("weights", model.Weights), ("means", model.Means), ("variances", model.Variances)]);

    public static DiagonalGmm Read(string path)
    {
        using var scope = NewDisposeScope();
        try
        {
            var (_, tensors) = TensorFile.Read(path, Kind);
            return tensors.Count == 3
                ? new DiagonalGmm(tensors[0].Tensor, tensors[1].Tensor, tensors[2].Tensor)
                : throw new MixtureException(path, $"it holds {tensors.Count} tensors instead of 3; create it again.");
        }
        catch (ModelFileException error)
        {
            throw new MixtureException(path, error.Reason, error);
        }
        catch (ArgumentException error)
        {
            throw new MixtureException(path, error.Message, error);
        }
    }
}
