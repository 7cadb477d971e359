using DeviceId.Corpora;
using DeviceId.Data;
using DeviceId.Evaluation;
using DeviceId.Features;
using DeviceId.Foundation;
using DeviceId.Mixtures;
using DeviceId.Models;
using DeviceId.Training;
using static TorchSharp.torch;

namespace DeviceId.Experiments;

/// <summary>One split from recordings to predictions: front end, network, training, evaluation.</summary>
/// <param name="Split">Name of the split.</param>
/// <param name="Predictions">What the network said of the test samples.</param>
/// <param name="Log">The training, epoch by epoch.</param>
public sealed record FoldRun(string Split, PstnnPredictions Predictions, TrainingLog Log)
{
    /// <summary>Trains on the split's training recordings and judges on its test recordings.</summary>
    /// <param name="split">The split.</param>
    /// <param name="profile">Sizes and settings.</param>
    /// <param name="store">Features of the profile's options.</param>
    /// <param name="device">Where the arithmetic runs.</param>
    /// <param name="network">Changes the network, for variants; null for the profile's own.</param>
    /// <param name="background">A background model from elsewhere, which stays the caller's; null to train one on the training recordings.</param>
    /// <param name="work">Told about features and background model.</param>
    /// <param name="training">Told about the training.</param>
    public static FoldRun Execute(
        Split split, Profile profile, FeatureStore store, Device device, Func<PstnnOptions, PstnnOptions>? network = null,
        DiagonalGmm? background = null, IProgress<WorkProgress>? work = null, IProgress<EpochReport>? training = null)
    {
        profile.Validate();
        var (frontEnd, samples) = FrontEnd.Fit(split.Train, profile.FrontEnd, store, device, background, work);
        using (frontEnd)
        using (samples)
        {
            var options = profile.Network(samples.Devices.Count);
            using var model = Pstnn.Create(network is null ? options : network(options), profile.Training.Seed);
            var log = new Trainer(model, profile.Training, device).Fit(samples, training).Log;
            using var test = frontEnd.Transform(split.Test, work);
            return new FoldRun(split.Name, Evaluator.Evaluate(model, test, device), log);
        }
    }
}
