using DeviceId.Data;
using DeviceId.Foundation;
using DeviceId.Models;
using DeviceId.Training;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>
/// Settings of a <see cref="NetworkClassifier"/>: a network and how it is trained. The sizes of the network follow from the samples.
/// </summary>
[OptionsKind("network")]
public sealed record NetworkClassifierOptions : ClassifierOptions
{
    /// <summary>The network.</summary>
    public NetworkOptions Network { get; init; } = new PstnnOptions();

    /// <summary>How it is trained. The seed in it is set from the trial's.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <inheritdoc/>
    public override IEnumerable<string> Problems() => Network.Problems().Concat(Training.Problems());

    /// <inheritdoc/>
    public override IEnumerable<string> ProblemsWith(FrontEndOptions frontEnd) => Network.ProblemsWith(frontEnd.Shape(devices: 2));

    /// <inheritdoc/>
    protected override IDeviceClassifier Make(ClassifierContext context)
    {
        var network = Network.Create(context.Shape, context.Seed);
        return new NetworkClassifier(network, Training with { Seed = context.Seed }, context.Device)
        {
            Training = context.Training,
            Checkpoints = context.Checkpoints,
            AfterEpoch = epoch => context.HalfWayTest is { } test && epoch == (Training.Epochs + 1) / 2
                ? Named(network.Predict(test.Supervectors, test.Segments, device: context.Device)) : null,
        };
    }

    private static Dictionary<string, Tensor> Named(PstnnOutput output) =>
        new[] { (nameof(output.Spatial), output.Spatial), (nameof(output.Temporal), output.Temporal), (nameof(output.Deep), output.Deep) }
            .Where(head => head.Item2 is not null).ToDictionary(head => head.Item1, head => head.Item2!);
}
