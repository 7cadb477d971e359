using DeviceId.Foundation;
using DeviceId.Mixtures;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>The Gaussian mixtures of all devices, of equal size, scored together by one matrix product.</summary>
/// <remarks>
/// Frames are standardised by mean and standard deviation of all training frames. In these units a variance is at least 1e-4, so that a
/// device with digital silence does not win by infinitely narrow components.
/// </remarks>
internal sealed class MixtureBank : FittedPart
{
    private const double MinVariance = 1e-4;
    private const double MinStandardDeviation = 1e-6;

    // A component without frames has weight 0: its logarithm would be minus infinity, which no gradient step could change.
    private const double MinWeight = 1e-8;
    private const long BlockValues = 1 << 23;

    private readonly Device _device;

    /// <param name="mean">Mean of the training frames (column); taken over.</param>
    /// <param name="deviation">Their standard deviation (column); taken over.</param>
    /// <param name="parameters">Parameters in standardised units, float64 on the CPU; taken over.</param>
    /// <param name="device">Compute device.</param>
    public MixtureBank(Tensor mean, Tensor deviation, MixtureParameters parameters, Device device)
        : base(
            ("mean", mean), ("deviation", deviation), ("log weights", parameters.LogWeights), ("means", parameters.Means),
            ("log variances", parameters.LogVariances)) =>
        _device = device;

    /// <summary>The parameters, in standardised units.</summary>
    public MixtureParameters Parameters => new(State[2].Tensor, State[3].Tensor, State[4].Tensor);

    /// <summary>Smallest logarithm of a variance, in standardised units.</summary>
    public static double MinLogVariance { get; } = Math.Log(MinVariance);

    /// <summary>Trains the mixture of each device by maximum likelihood.</summary>
    /// <param name="segments">(sample, frame, column).</param>
    /// <param name="labels">Class of each sample (sample).</param>
    /// <param name="classes">Number of classes; each needs a sample.</param>
    /// <param name="options">Settings of a mixture.</param>
    /// <param name="device">Compute device.</param>
    /// <param name="progress">Receives the number of mixtures.</param>
    /// <param name="cancellationToken">Checked at least every few seconds.</param>
    public static MixtureBank Fit(
        Tensor segments, Tensor labels, int classes, GmmOptions options, Device device, IProgress<WorkProgress>? progress,
        CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var mean = segments.mean([0, 1], type: ScalarType.Float64);
        var deviation = (segments - mean).square().mean([0, 1]).sqrt();
        deviation = where(deviation.lt(MinStandardDeviation), ones_like(deviation), deviation);
        var trainer = new GmmTrainer(options, device);
        var mixtures = new List<MixtureParameters>();
        for (var c = 0; c < classes; c++)
        {
            var own = segments.index_select(0, labels.eq(c).nonzero().squeeze(1)).reshape(-1, segments.shape[2]);
            using var mixture = trainer.Fit([own], null, cancellationToken).Model;
            mixtures.Add(Standardise(mixture, mean, deviation));
            own.Dispose();
            progress?.Report(new WorkProgress("mixtures of the devices", c + 1, classes));
        }

        return new MixtureBank(mean, deviation, MixtureParameters.Stack(mixtures), device);
    }

    /// <summary>Restores mixtures from their state.</summary>
    /// <exception cref="ArgumentException">The tensors are not those of mixtures.</exception>
    public static MixtureBank Restore(StateReader state, Device device)
    {
        var means = state.Take("means", StateReader.Any, StateReader.Any, StateReader.Any);
        var (classes, components, columns) = (means.shape[0], means.shape[1], means.shape[2]);
        var parameters = new MixtureParameters(
            state.Take("log weights", classes, components), means, state.Take("log variances", classes, components, columns));
        return new MixtureBank(state.Take("mean", columns), state.Take("deviation", columns), parameters, device);
    }

    /// <summary>Mean log-likelihood per frame (sample, class), nats.</summary>
    /// <param name="segments">(sample, frame, column).</param>
    /// <param name="cancellationToken">Checked before each block of samples.</param>
    public Tensor Scores(Tensor segments, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        if (segments.shape[2] != State[0].Tensor.shape[0])
            throw new ArgumentException(
                $"The segments have {segments.shape[2]} columns, those of the training {State[0].Tensor.shape[0]}: use the same front end.",
                nameof(segments));
        var parameters = Parameters.To(_device, ScalarType.Float64);
        var block = Math.Max(1, BlockValues / Math.Max(1, segments.shape[1] * State[2].Tensor.numel()));

        // The density of x is that of the standardised frame, divided by the product of the standard deviations.
        var logDeviations = State[1].Tensor.log().sum();
        var scores = SampleBlocks.Compute(
            segments, block, part => parameters.LogLikelihoods(Standardise(part)).mean([1]).cpu(), cancellationToken);
        return (scores - logDeviations).MoveToOuterDisposeScope();
    }

    /// <summary>Standardised frames, float64 on the compute device.</summary>
    public Tensor Standardise(Tensor segments) =>
        (segments.to(ScalarType.Float64, _device) - State[0].Tensor.to(_device)) / State[1].Tensor.to(_device);

    /// <summary>Copies of mean and standard deviation with other parameters.</summary>
    public MixtureBank With(MixtureParameters parameters) =>
        new(State[0].Tensor.clone(), State[1].Tensor.clone(), parameters, _device);

    private static MixtureParameters Standardise(DiagonalGmm mixture, Tensor mean, Tensor deviation) => new(
        mixture.Weights.clamp_min(MinWeight).log(), (mixture.Means - mean) / deviation,
        (mixture.Variances / deviation.square()).clamp_min(MinVariance).log());
}
