using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>Parameters of one mixture per device, in a form without constraints, for gradient descent.</summary>
/// <param name="LogWeights">Logarithms of the weights up to a constant (device, component).</param>
/// <param name="Means">(device, component, column).</param>
/// <param name="LogVariances">(device, component, column).</param>
internal sealed record MixtureParameters(Tensor LogWeights, Tensor Means, Tensor LogVariances)
{
    private const double MinExponent = -30;

    /// <summary>Joins the mixtures of single devices, whose tensors have no axis for the device.</summary>
    public static MixtureParameters Stack(IReadOnlyList<MixtureParameters> mixtures) => new(
        stack(mixtures.Select(m => m.LogWeights).ToArray()), stack(mixtures.Select(m => m.Means).ToArray()),
        stack(mixtures.Select(m => m.LogVariances).ToArray()));

    /// <summary>Copies on another device or of another type.</summary>
    public MixtureParameters To(Device device, ScalarType type) => new(
        LogWeights.to(type, device, copy: true), Means.to(type, device, copy: true), LogVariances.to(type, device, copy: true));

    /// <summary>Log-likelihood of each frame under each mixture, nats.</summary>
    /// <remarks>
    /// log(w p(x)) of all components of all devices is one product: [x, x^2] x [mu / v; -1 / (2 v)], plus a constant of the component.
    /// </remarks>
    /// <param name="frames">(…, frame, column).</param>
    /// <returns>(…, frame, device).</returns>
    public Tensor LogLikelihoods(Tensor frames)
    {
        using var scope = NewDisposeScope();
        var (devices, components, columns) = (Means.shape[0], Means.shape[1], Means.shape[2]);
        var precisions = (-LogVariances).exp();
        var multipliers = cat([Means * precisions, precisions * -0.5], 2).reshape(devices * components, 2 * columns);
        var constants = LogWeights.log_softmax(1) - (((Means.square() * precisions) + LogVariances).sum([2]) * 0.5)
            - (0.5 * columns * Math.Log(2 * Math.PI));
        var flat = frames.reshape(-1, columns);
        var joint = addmm(constants.reshape(-1), cat([flat, flat.square()], 1), multipliers.t(), 1, 1);
        return LogSumExp(joint.view([.. frames.shape[..^1], devices, components])).MoveToOuterDisposeScope();
    }

    /// <summary>ln sum exp over the last axis.</summary>
    /// <remarks>
    /// Terms below exp(-30) of the largest count as exp(-30), which changes the sum by less than rounding in float32, and have no gradient.
    /// Their exponentials and the products of their gradients would be denormal, which made a training step three times as long.
    /// </remarks>
    public static Tensor LogSumExp(Tensor values)
    {
        var max = values.amax([-1], keepdim: true).detach();
        return (values - max).clamp_min(MinExponent).exp().sum([-1]).log() + max.squeeze(-1);
    }
}
