using DeviceId.Data;
using DeviceId.Foundation;
using DeviceId.Training;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>Gradient steps that increase the mutual information of segments and devices, in float32.</summary>
internal sealed class MutualInformationTraining : IDisposable
{
    private readonly MixtureBank _start;
    private readonly GmmMutualInformationOptions _options;
    private readonly long _seed;
    private readonly Device _device;
    private readonly Tensor _logWeights;
    private readonly Tensor _means;
    private readonly Tensor _logVariances;
    private readonly Adam _optimiser;
    private int _epoch;

    /// <param name="start">The mixtures to start from; they must outlive this object.</param>
    /// <param name="options">Settings.</param>
    /// <param name="seed">Seed of the order of the segments.</param>
    /// <param name="device">Compute device.</param>
    public MutualInformationTraining(MixtureBank start, GmmMutualInformationOptions options, long seed, Device device)
    {
        using var scope = NewDisposeScope();
        (_start, _options, _seed, _device) = (start, options, seed, device);
        var parameters = start.Parameters.To(device, ScalarType.Float32);
        _logWeights = Keep(parameters.LogWeights);
        _means = Keep(parameters.Means);
        _logVariances = Keep(parameters.LogVariances);
        _optimiser = new Adam([_logWeights, _means, _logVariances]);
    }

    private MixtureParameters Current => new(_logWeights, _means, _logVariances);

    /// <summary>One pass over the segments, in another order than the last.</summary>
    /// <param name="segments">(sample, frame, column).</param>
    /// <param name="labels">(sample).</param>
    /// <param name="cancellationToken">Checked before each batch.</param>
    public void RunEpoch(Tensor segments, Tensor labels, CancellationToken cancellationToken)
    {
        using var gradients = enable_grad();
        foreach (var batch in new BatchSampler((int)segments.shape[0], _options.BatchSize, _seed).Batches(_epoch++))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var work = ComputeScope.Enter();
            using var scope = NewDisposeScope();
            var samples = tensor(batch, device: CPU);
            _optimiser.ZeroGradients();
            Loss(segments.index_select(0, samples), labels.index_select(0, samples)).backward();
            _optimiser.Step(_options.LearningRate);
            using var noGradients = no_grad();
            _logVariances.clamp_min_(MixtureBank.MinLogVariance);
        }
    }

    /// <summary>F divided by the number of segments: the mean log-probability of the true device, nats.</summary>
    public double Objective(Tensor segments, Tensor labels, CancellationToken cancellationToken)
    {
        using var gradients = no_grad();
        using var work = ComputeScope.Enter();
        using var scope = NewDisposeScope();
        var sum = 0.0;
        for (long start = 0; start < segments.shape[0]; start += _options.BatchSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            var count = Math.Min(_options.BatchSize, segments.shape[0] - start);
            sum -= count * Loss(segments.narrow(0, start, count), labels.narrow(0, start, count)).item<float>();
        }

        return sum / segments.shape[0];
    }

    /// <summary>The mixtures as they are now.</summary>
    public MixtureBank Result()
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        return _start.With(Current.To(CPU, ScalarType.Float64));
    }

    public void Dispose()
    {
        _optimiser.ZeroGradients();
        _optimiser.Dispose();
        _logWeights.Dispose();
        _means.Dispose();
        _logVariances.Dispose();
    }

    private Tensor Loss(Tensor segments, Tensor labels)
    {
        var frames = _start.Standardise(segments).to(ScalarType.Float32);
        var scores = Current.LogLikelihoods(frames).sum([1]) * _options.AcousticScale;
        return (MixtureParameters.LogSumExp(scores) - scores.gather(1, labels.to(_device).unsqueeze(1)).squeeze(1)).mean();
    }

    private static Tensor Keep(Tensor parameter) => parameter.detach().requires_grad_(true).DetachFromDisposeScope();
}
