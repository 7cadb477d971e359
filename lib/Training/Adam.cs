using DeviceId.Acceleration;
using DeviceId.Acceleration.Optimiser;
using DeviceId.Models;
using static TorchSharp.torch;

namespace DeviceId.Training;

/// <summary>Adam optimiser whose state checkpoints can save and restore (D. P. Kingma, J. Ba, ICLR 2015, Algorithm 1).</summary>
/// <remarks>
/// m = 0.9 m + 0.1 g; v = 0.999 v + 0.001 g g; p = p - rate (m / (1 - 0.9^t)) / (sqrt(v / (1 - 0.999^t)) + 1e-8).
/// libtorch's Adam is not used because a resumed training needs m, v and t from the checkpoint to end with the same bits. On a CPU, a step
/// is one pass over p, g, m and v instead of a dozen tensor operations (<see cref="AdamKernel"/>).
/// </remarks>
internal sealed class Adam : IDisposable
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-8;

    private readonly IReadOnlyList<Tensor> _parameters;

    public Adam(IEnumerable<Tensor> parameters)
    {
        _parameters = [.. parameters];
        FirstMoments = [.. _parameters.Select(p => zeros_like(p).DetachFromDisposeScope())];
        SecondMoments = [.. _parameters.Select(p => zeros_like(p).DetachFromDisposeScope())];
    }

    /// <summary>First moments m, in the order of the parameters.</summary>
    public IReadOnlyList<Tensor> FirstMoments { get; }

    /// <summary>Second moments v, in the order of the parameters.</summary>
    public IReadOnlyList<Tensor> SecondMoments { get; }

    /// <summary>Number of steps taken, t.</summary>
    public long Steps { get; set; }

    /// <summary>Frees the gradients, so that the next backward pass starts from zero.</summary>
    public void ZeroGradients()
    {
        foreach (var parameter in _parameters)
        {
            if (parameter.grad is { } gradient)
            {
                parameter.grad = null;
                gradient.Dispose();
            }
        }
    }

    /// <summary>
    /// Takes one step. A parameter that does not contribute to the loss (a head of weight zero) has no gradient and stays unchanged.
    /// </summary>
    public void Step(double learningRate)
    {
        Steps++;
        var (scale, rate) = (1 / Math.Sqrt(1 - Math.Pow(Beta2, Steps)), learningRate / (1 - Math.Pow(Beta1, Steps)));
        using var noGradients = no_grad();
        for (var i = 0; i < _parameters.Count; i++)
        {
            using var scope = NewDisposeScope();
            var parameter = _parameters[i];
            if (parameter.grad is not { } gradient)
                continue;
            if (Backend.Accelerates(parameter) && Kernels.AcceptsAdam(parameter, gradient))
                AdamKernel.Step(parameter, gradient, FirstMoments[i], SecondMoments[i], new(Beta1, Beta2, scale, Epsilon, rate));
            else
                StepInTensors(parameter, gradient, FirstMoments[i], SecondMoments[i], rate, scale);
        }
    }

    public void Dispose()
    {
        foreach (var moment in FirstMoments.Concat(SecondMoments))
            moment.Dispose();
    }

    // Internal so that a test can compare it with the kernel.
    internal static void StepInTensors(Tensor parameter, Tensor gradient, Tensor first, Tensor second, double rate, double scale)
    {
        // Not lerp_: its weight would be a tensor on libtorch's default device.
        first.add_(gradient - first, alpha: 1 - Beta1);
        second.mul_(Beta2).addcmul_(gradient, gradient, 1 - Beta2);
        parameter.addcdiv_(first, second.sqrt().mul_(scale).add_(Epsilon), -rate);
    }
}
