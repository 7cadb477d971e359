using DeviceId.Data;
using DeviceId.Foundation;
using DeviceId.Models;
using DeviceId.Training;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>
/// Settings of a <see cref="NetworkClassifier"/>: network and training. The input and output sizes of the network follow from the samples.
/// </summary>
[OptionsKind("network")]
public sealed record NetworkClassifierOptions : ClassifierOptions
{
    /// <summary>The network.</summary>
    public NetworkOptions Network { get; init; } = new PstnnOptions();

    /// <summary>The training. Its seed is replaced by that of the trial.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <inheritdoc/>
    public override IEnumerable<string> Problems() => Network.Problems().Concat(Training.Problems());

    /// <inheritdoc/>
    public override IEnumerable<string> ProblemsWith(FrontEndOptions frontEnd) => Network.ProblemsWith(frontEnd.Shape(devices: 2));

    /// <inheritdoc/>
    protected override IDeviceClassifier Make(ClassifierContext context)
    {
        var network = Network.Create(context.Shape, context.Seed);
        var heldOut = context.HeldOutTest;
        PstnnOutput Predict(TestDataset test) => network.Predict(test.Supervectors, test.Segments, device: context.Device);
        return new NetworkClassifier(network, Training with { Seed = context.Seed }, context.Device)
        {
            Training = context.Training,
            Epochs = context.Epochs,
            Checkpoints = context.Checkpoints,
            AfterEpoch = epoch => heldOut is not null && epoch == (Training.Epochs + 1) / 2 ? Predict(heldOut).ToNamed() : null,
            HeldOutAccuracy = heldOut is null ? null : () =>
            {
                using var scope = NewDisposeScope();
                return Predict(heldOut).Deep.argmax(1).eq(heldOut.Labels).mean(new long[] { 0 }, type: ScalarType.Float64).item<double>();
            },
        };
    }
}
