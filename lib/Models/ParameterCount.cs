using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeviceId.Models;

/// <summary>Trainable parameters of a part of a network, counted as in Keras: an LSTM gate has one bias vector.</summary>
/// <param name="Part">Name of the part, such as "spatial Dnn" or "back end".</param>
/// <param name="Weights">Number of weights and biases, without batch normalisation.</param>
/// <param name="Normalisation">Number of scales and shifts of batch normalisation.</param>
internal sealed record ParameterCount(string Part, long Weights, long Normalisation)
{
    /// <summary>Total number of parameters.</summary>
    public long Count => Weights + Normalisation;

    /// <summary>Counts the parameters of a module.</summary>
    internal static ParameterCount Measure(string part, nn.Module module)
    {
        // Without bias_hh: libtorch has a second bias vector of the gates in each LSTM layer and direction, Keras has one.
        var all = module.named_parameters().Where(p => !p.name.Contains("bias_hh", StringComparison.Ordinal)).Sum(p => p.parameter.numel());
        var normalisation = module.modules().Where(m => m is BatchNorm1d or BatchNorm2d)
            .SelectMany(m => m.parameters(recurse: false)).Sum(p => p.numel());
        return new ParameterCount(part, all - normalisation, normalisation);
    }
}
