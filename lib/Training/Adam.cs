using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeviceId.Training;

/// <summary>Adam with a state that can be written down and read back (D. P. Kingma, J. Ba, ICLR 2015, Algorithm 1).</summary>
/// <remarks>
/// m = 0.9 m + 0.1 g; v = 0.999 v + 0.001 g g; p = p - rate (m / (1 - 0.9^t)) / (sqrt(v / (1 - 0.999^t)) + 1e-8).
/// Ours, because a resumed run must end with the same bits, and so needs m, v and t from the checkpoint.
/// </remarks>
internal sealed class Adam : IDisposable
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-8;

    private readonly IReadOnlyList<Parameter> _parameters;

    public Adam(IEnumerable<Parameter> parameters)
    {
        _parameters = [.. parameters];
        FirstMoments = [.. _parameters.Select(p => zeros_like(p).DetachFromDisposeScope())];
        SecondMoments = [.. _parameters.Select(p => zeros_like(p).DetachFromDisposeScope())];
    }

    /// <summary>m, in the order of the parameters.</summary>
    public IReadOnlyList<Tensor> FirstMoments { get; }

    /// <summary>v, in the order of the parameters.</summary>
    public IReadOnlyList<Tensor> SecondMoments { get; }

    /// <summary>t: steps taken.</summary>
    public long Steps { get; set; }

    public void ZeroGradients()
    {
        foreach (var parameter in _parameters)
            parameter.grad?.zero_();
    }

    public void Step(double learningRate)
    {
        Steps++;
        var rate = learningRate / (1 - Math.Pow(Beta1, Steps));
        var scale = 1 / Math.Sqrt(1 - Math.Pow(Beta2, Steps));
        using var gradients = no_grad();
        for (var i = 0; i < _parameters.Count; i++)
        {
            // A parameter outside the loss (a head of weight zero) has no gradient.
            if (_parameters[i].grad is not { } gradient)
                continue;
            using var scope = NewDisposeScope();
            FirstMoments[i].lerp_(gradient, 1 - Beta1);
            SecondMoments[i].mul_(Beta2).addcmul_(gradient, gradient, 1 - Beta2);
            _parameters[i].addcdiv_(FirstMoments[i], SecondMoments[i].sqrt().mul_(scale).add_(Epsilon), -rate);
        }
    }

    public void Dispose()
    {
        foreach (var moment in FirstMoments.Concat(SecondMoments))
            moment.Dispose();
    }
}
