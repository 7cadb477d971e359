using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeviceId.Models;

/// <summary>Trainable parameters of a part of a network, counted as Keras counts them: one bias vector a gate in an LSTM.</summary>
/// <param name="Part">The part: "spatial", "temporal LSTM"…</param>
/// <param name="Weights">Weights and biases of its layers.</param>
/// <param name="Normalisation">Scales and shifts of its batch normalisation.</param>
internal sealed record ParameterCount(string Part, long Weights, long Normalisation)
{
    /// <summary>All of them.</summary>
    public long Count => Weights + Normalisation;

    /// <summary>Counts a part.</summary>
    internal static ParameterCount Measure(string part, nn.Module module)
    {
        // libtorch keeps a second bias vector of the gates in each LSTM layer and direction, which Keras has not.
        var all = module.named_parameters().Where(p => !p.name.Contains("bias_hh", StringComparison.Ordinal)).Sum(p => p.parameter.numel());
        var normalisation = module.modules().Where(m => m is BatchNorm1d or BatchNorm2d)
            .SelectMany(m => m.parameters(recurse: false)).Sum(p => p.numel());
        return new ParameterCount(part, all - normalisation, normalisation);
    }
}
