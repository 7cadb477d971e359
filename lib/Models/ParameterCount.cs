namespace DeviceId.Models;

/// <summary>Trainable parameters of a part of a network, counted as Keras counts them: one bias vector a gate in an LSTM.</summary>
/// <param name="Part">The part: "spatial", "temporal LSTM"…</param>
/// <param name="Weights">Weights and biases of its layers.</param>
/// <param name="Normalisation">Scales and shifts of its batch normalisation.</param>
public sealed record ParameterCount(string Part, long Weights, long Normalisation)
{
    /// <summary>All of them.</summary>
    public long Count => Weights + Normalisation;
}
