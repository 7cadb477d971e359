using static TorchSharp.torch;

namespace DeviceId.Models;

/// <summary>The supervector as a picture.</summary>
internal static class SupervectorMap
{
    /// <summary>(sample, component x coefficient), component-major, to (sample, 1, coefficient, component): the paper's 39 x 64 matrix.</summary>
    public static Tensor Of(Tensor supervectors, int components, int coefficients) =>
        supervectors.reshape(-1, components, coefficients).transpose(1, 2).unsqueeze(1);
}
