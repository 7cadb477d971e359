using DeviceId.Acceleration.Layers;
using DeviceId.Data;
using DeviceId.Foundation;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DeviceId.Models;

/// <summary>The parallel spatial-temporal network (Zeng et al., 2021, Figs. 1 and 2): branches, fusion, back end, outputs.</summary>
public sealed class Pstnn : DeviceNetwork
{
    private readonly Module<Tensor, Tensor>? spatial;       // Section 4.1
    private readonly Module<Tensor, Tensor>? temporal;      // Section 4.2
    private readonly Module<Tensor[], Tensor>? fusion;      // Section 5.1
    private readonly Module<Tensor, Tensor> backEnd;        // Section 5.2
    private readonly Module<Tensor, Tensor>? spatialHead;   // the shallow outputs, Section 3.2
    private readonly Module<Tensor, Tensor>? temporalHead;

    internal Pstnn(PstnnOptions options, SampleShape shape, Device device) : base(nameof(Pstnn), options, shape)
    {
        Options = options;
        var (components, coefficients, embedding, dropout) = (shape.Components, shape.Coefficients, options.Embedding, options.Dropout);
        spatial = options.Spatial switch
        {
            SpatialNetwork.Dnn => Branches.Dnn(shape.SupervectorLength, embedding, dropout, device),
            SpatialNetwork.Cnn => Sequential(
                new SupervectorMap(components, coefficients), Branches.Cnn(coefficients, components, embedding, dropout, device)),
            SpatialNetwork.ResNet => Sequential(
                new SupervectorMap(components, coefficients), Branches.ResNet(coefficients, components, embedding, dropout, device)),
            _ => null,
        };
        temporal = options.Temporal == TemporalNetwork.None ? null
            : new RecurrentBranch(
                shape.Frames, shape.Columns, options.LstmUnits, options.Temporal == TemporalNetwork.BiLstm, embedding, dropout, device);
        fusion = spatial is null || temporal is null ? null
            : options.Fusion == Fusion.Attention ? new AttentionFusion(branches: 2, device) : new Concatenation();
        backEnd = Branches.BackEnd(fusion is Concatenation ? 2 * embedding : embedding, options.BackEndWidths, shape.Devices, device);
        spatialHead = spatial is null ? null : new AcceleratedLinear(embedding, shape.Devices, device);
        temporalHead = temporal is null ? null : new AcceleratedLinear(embedding, shape.Devices, device);
        RegisterComponents();
    }

    /// <summary>The options that the network was built from.</summary>
    public PstnnOptions Options { get; }

    /// <summary>Builds a network on the CPU with weights drawn from a seed (<see cref="NetworkOptions.Create"/>).</summary>
    /// <param name="options">The options of the network.</param>
    /// <param name="shape">The sample sizes.</param>
    /// <param name="seed">Seed of the initial weights.</param>
    /// <exception cref="DeviceIdException">The options are invalid, or do not match the sample sizes.</exception>
    public static Pstnn Create(PstnnOptions options, SampleShape shape, long seed) => (Pstnn)options.Create(shape, seed);

    /// <summary>Logits (sample, device) of the three outputs.</summary>
    /// <param name="supervectors">(sample, component x coefficient); ignored without a spatial branch.</param>
    /// <param name="segments">(sample, frame, column); ignored without a temporal branch.</param>
    /// <exception cref="ArgumentException">The shape of an input does not match the sample sizes of the network.</exception>
    public override PstnnOutput forward(Tensor supervectors, Tensor segments)
    {
        CheckShapes(supervectors, segments);
        using var scope = NewDisposeScope();
        var s = spatial?.call(supervectors); // (sample, embedding)
        var t = temporal?.call(segments);    // (sample, embedding)
        var fused = s is null ? t! : t is null ? s : fusion!.call([s, t]);
        return new PstnnOutput(
            s is null ? null : spatialHead!.call(s).MoveToOuterDisposeScope(),
            t is null ? null : temporalHead!.call(t).MoveToOuterDisposeScope(),
            backEnd.call(fused).MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    protected override Tensor? Attention(Tensor supervectors, Tensor segments)
    {
        if (fusion is not AttentionFusion attention)
            return null;
        CheckShapes(supervectors, segments);
        return attention.Weights([spatial!.call(supervectors), temporal!.call(segments)]);
    }

    /// <summary>Trainable parameters of each part, counted as in Keras: an LSTM gate has one bias vector (in libtorch two).</summary>
    internal IReadOnlyList<ParameterCount> ParameterCounts()
    {
        var parts = new (string Name, Module? Module)[]
        {
            ($"spatial {Options.Spatial}", spatial), ($"temporal {Options.Temporal}", temporal), ("spatial head", spatialHead),
            ("temporal head", temporalHead), ("attention", fusion as AttentionFusion), ("back end", backEnd),
        };
        return [.. parts.Where(part => part.Module is not null).Select(part => ParameterCount.Measure(part.Name, part.Module!))];
    }

    private void CheckShapes(Tensor supervectors, Tensor segments)
    {
        static string Format(Tensor tensor) => string.Join(", ", tensor.shape);
        if (spatial is not null && (supervectors.dim() != 2 || supervectors.shape[1] != Shape.SupervectorLength))
            throw new ArgumentException(
                $"Supervectors must be (sample, {Shape.Components} components x {Shape.Coefficients} coefficients = "
                    + $"{Shape.SupervectorLength}), not ({Format(supervectors)}).",
                nameof(supervectors));
        if (temporal is not null && (segments.dim() != 3 || segments.shape[1] != Shape.Frames || segments.shape[2] != Shape.Columns))
            throw new ArgumentException(
                $"Segments must be (sample, {Shape.Frames} frames, {Shape.Columns} columns), not ({Format(segments)}).", nameof(segments));
        if (spatial is not null && temporal is not null && supervectors.shape[0] != segments.shape[0])
            throw new ArgumentException(
                $"There are {supervectors.shape[0]} supervectors and {segments.shape[0]} segments, but each sample needs one of each.",
                nameof(segments));
    }
}
