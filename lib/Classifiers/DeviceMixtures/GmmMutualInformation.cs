using DeviceId.Data;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>
/// One Gaussian mixture per device, trained by maximum mutual information: from the mixtures of maximum likelihood, all parameters are
/// changed to maximise F = sum_r ln [p(O_r | c_r)^k / sum_c p(O_r | c)^k] over the training segments O_r with their devices c_r.
/// </summary>
/// <remarks>
/// L. R. Bahl et al., ICASSP 1986; for phones C. Hanilçi, F. Ertaş, 2013. F is maximised by Adam instead of the extended Baum-Welch
/// algorithm. Because F over-fits, the number of epochs is the best for the last of the training sentences when all is trained without it;
/// with one sentence it is the maximum. A constant channel is kept, as by <see cref="GmmMaximumLikelihood"/>.
/// </remarks>
/// <param name="options">Settings.</param>
/// <param name="seed">Seed of the order of the segments.</param>
/// <param name="device">Compute device.</param>
internal sealed class GmmMutualInformation(GmmMutualInformationOptions options, long seed, Device device)
    : DeviceMixtureClassifier<GmmMutualInformationOptions>("GMM by mutual information", options, device)
{
    /// <summary>Reads a file written by <see cref="DeviceMixtureClassifier{TOptions}.Save"/>.</summary>
    /// <exception cref="ModelFileException">The file cannot be used.</exception>
    public static GmmMutualInformation Load(string path, Device device)
    {
        var loaded = new GmmMutualInformation(new(), 0, device);
        loaded.Restore(path);
        return loaded;
    }

    private protected override MixtureBank Train(
        TrainDataset train, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        var epochs = ChooseEpochs(train, progress, cancellationToken);
        using var start = Likelihood(train, null, progress, cancellationToken);
        using var training = new MutualInformationTraining(start, Options, seed, Device);
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            training.RunEpoch(train.Segments, train.Labels, cancellationToken);
            progress?.Report(new WorkProgress("mutual information", epoch + 1, epochs));
        }

        return training.Result();
    }

    /// <summary>The number of epochs after which F of the held-out sentence is largest; of equally good numbers the smallest.</summary>
    private int ChooseEpochs(TrainDataset train, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var sentences = train.RecordingOf.Select(r => train.Recordings[r].Sentence).ToList();
        var heldOut = sentences.Max(StringComparer.Ordinal);
        var isHeldOut = tensor(sentences.Select(sentence => sentence == heldOut).ToArray(), device: train.Labels.device);
        var (rest, test) = (isHeldOut.logical_not().nonzero().squeeze(1), isHeldOut.nonzero().squeeze(1));
        var devicesLeft = train.Labels.index_select(0, rest).data<long>().ToArray().Distinct().Count();
        if (devicesLeft < train.Devices.Count)
            return Options.Epochs;
        using var start = Likelihood(train, rest, progress, cancellationToken);
        using var training = new MutualInformationTraining(start, Options, seed, Device);
        var (segments, labels) = (train.Segments.index_select(0, rest), train.Labels.index_select(0, rest));
        var (testSegments, testLabels) = (train.Segments.index_select(0, test), train.Labels.index_select(0, test));
        var (best, bestObjective) = (0, training.Objective(testSegments, testLabels, cancellationToken));
        for (var epoch = 1; epoch <= Options.Epochs; epoch++)
        {
            training.RunEpoch(segments, labels, cancellationToken);
            progress?.Report(new WorkProgress("epochs of mutual information", epoch, Options.Epochs));
            var objective = training.Objective(testSegments, testLabels, cancellationToken);
            if (objective > bestObjective)
                (best, bestObjective) = (epoch, objective);
        }

        return best;
    }

    /// <summary>The mixtures of maximum likelihood on some samples; null for all.</summary>
    private MixtureBank Likelihood(
        TrainDataset train, Tensor? samples, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var segments = samples is null ? train.Segments : train.Segments.index_select(0, samples);
        var labels = samples is null ? train.Labels : train.Labels.index_select(0, samples);
        return MixtureBank.Fit(segments, labels, train.Devices.Count, Options.Mixture, Device, progress, cancellationToken);
    }
}
