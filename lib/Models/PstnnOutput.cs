using static TorchSharp.torch;

namespace DeviceId.Models;

/// <summary>
/// The outputs of a network, up to three: logits from <c>forward</c>, probabilities from <see cref="DeviceNetwork.Predict"/>.
/// </summary>
/// <param name="Spatial">Spatial head (sample, device); null without a spatial branch.</param>
/// <param name="Temporal">Temporal head (sample, device); null without a temporal branch.</param>
/// <param name="Deep">Deep output, the end of the network (sample, device).</param>
public sealed record PstnnOutput(Tensor? Spatial, Tensor? Temporal, Tensor Deep) : IDisposable
{
    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        Spatial?.Dispose();
        Temporal?.Dispose();
        Deep.Dispose();
    }

    /// <summary>The outputs that are present, by the name of their property; the tensors stay those of this object.</summary>
    internal Dictionary<string, Tensor> ToNamed()
    {
        var named = new Dictionary<string, Tensor>();
        if (Spatial is not null)
            named[nameof(Spatial)] = Spatial;
        if (Temporal is not null)
            named[nameof(Temporal)] = Temporal;
        named[nameof(Deep)] = Deep;
        return named;
    }

    /// <summary>The inverse of <see cref="ToNamed"/>.</summary>
    /// <exception cref="KeyNotFoundException">The deep output is missing.</exception>
    internal static PstnnOutput FromNamed(IReadOnlyDictionary<string, Tensor> named) =>
        new(named.GetValueOrDefault(nameof(Spatial)), named.GetValueOrDefault(nameof(Temporal)), named[nameof(Deep)]);

    /// <summary>Applies a function to each output that is present.</summary>
    internal PstnnOutput Select(Func<Tensor, Tensor> function) =>
        new(Spatial is null ? null : function(Spatial), Temporal is null ? null : function(Temporal), function(Deep));
}
