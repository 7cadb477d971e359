using DeviceId.Acceleration.Layers;
using DeviceId.Acceleration.MatrixMultiply;
using DeviceId.Foundation;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DeviceId.Models;

/// <summary>The parallel spatial-temporal network of Zeng et al. (2021): two branches, their fusion, a back end, three outputs.</summary>
public sealed class Pstnn : DeviceNetwork
{
    private readonly Module<Tensor, Tensor>? _spatial;
    private readonly TemporalLstm? _temporal;
    private readonly AttentionFusion? _attention;
    private readonly BackEnd _backEnd;
    private readonly Dense? _spatialHead;
    private readonly Dense? _temporalHead;

    private Pstnn(PstnnOptions options) : base(nameof(Pstnn), options, options.Devices)
    {
        Options = options;
        _spatial = options.Spatial switch
        {
            SpatialNetwork.Dnn => new SpatialDnn(options),
            SpatialNetwork.Cnn => new SpatialCnn(options),
            SpatialNetwork.ResNet => new SpatialResNet(options),
            _ => null,
        };
        _temporal = options.Temporal == TemporalNetwork.None ? null : new TemporalLstm(options);
        var both = _spatial is not null && _temporal is not null;
        _attention = both && options.Fusion == Fusion.Attention ? new AttentionFusion(branches: 2) : null;
        _backEnd = new BackEnd(both && options.Fusion == Fusion.Concatenation ? 2 * options.Embedding : options.Embedding, options.HiddenWidths, options.Devices);
        _spatialHead = _spatial is null ? null : new Dense(options.Embedding, options.Devices);
        _temporalHead = _temporal is null ? null : new Dense(options.Embedding, options.Devices);
        RegisterComponents();
    }

    /// <summary>What the network was built from.</summary>
    public PstnnOptions Options { get; }

    /// <inheritdoc/>
    internal override bool MultipliesItself => MatrixProduct.IsFaster && Options.Spatial is SpatialNetwork.None or SpatialNetwork.Dnn;

    /// <summary>Builds a network on the CPU with weights drawn from a seed.</summary>
    /// <remarks>Seeds libtorch's global generators: the same seed gives the same weights, bit for bit.</remarks>
    /// <exception cref="OptionsException">The options cannot be used.</exception>
    public static Pstnn Create(PstnnOptions options, long seed)
    {
        options.Validate();
        Seeds.Set(Seeds.Derive(seed, "weights"));
        return new Pstnn(options);
    }

    /// <summary>Logits of the three outputs.</summary>
    /// <param name="supervectors">(sample, component x coefficient); not looked at without a spatial branch.</param>
    /// <param name="segments">(sample, frame, coefficient); not looked at without a temporal branch.</param>
    /// <exception cref="ArgumentException">An input has not the shape that the options say.</exception>
    public override PstnnOutput forward(Tensor supervectors, Tensor segments)
    {
        CheckShapes(supervectors, segments);
        using var scope = NewDisposeScope();
        var spatial = _spatial?.call(supervectors);
        var temporal = _temporal?.call(segments);
        var fused = (spatial, temporal) switch
        {
            (null, _) => temporal!,
            (_, null) => spatial,
            _ => _attention is null ? cat([spatial, temporal], 1) : _attention.call([spatial, temporal]),
        };
        var output = new PstnnOutput(
            spatial is null ? null : _spatialHead!.call(spatial), temporal is null ? null : _temporalHead!.call(temporal), _backEnd.call(fused));
        return output.Select(logits => logits.MoveToOuterDisposeScope());
    }

    private protected override Tensor? Attention(Tensor supervectors, Tensor segments)
    {
        if (_attention is null)
            return null;
        CheckShapes(supervectors, segments);
        return _attention.Weights(_spatial!.call(supervectors), _temporal!.call(segments));
    }

    /// <summary>Trainable parameters of each part, counted as Keras counts.</summary>
    public IReadOnlyList<ParameterCount> ParameterCounts()
    {
        var counts = new List<ParameterCount>();
        void Add(string part, Module? module, long withoutBiases = 0)
        {
            if (module is null)
                return;
            var all = module.parameters().Sum(parameter => parameter.numel()) - withoutBiases;
            var normalisation = module.modules().Where(m => m is TorchSharp.Modules.BatchNorm1d or TorchSharp.Modules.BatchNorm2d).SelectMany(m => m.parameters(recurse: false)).Sum(p => p.numel());
            counts.Add(new ParameterCount(part, all - normalisation, normalisation));
        }

        Add($"spatial {Options.Spatial}", _spatial);
        Add($"temporal {Options.Temporal}", _temporal, _temporal?.SecondBiases ?? 0);
        Add("spatial head", _spatialHead);
        Add("temporal head", _temporalHead);
        Add("attention", _attention);
        Add("back end", _backEnd);
        return counts;
    }

    private void CheckShapes(Tensor supervectors, Tensor segments)
    {
        if (_spatial is not null && (supervectors.dim() != 2 || supervectors.shape[1] != Options.SupervectorLength))
            throw new ArgumentException($"Supervectors are (sample, {Options.Components} components x {Options.Coefficients} coefficients = {Options.SupervectorLength}), not ({string.Join(", ", supervectors.shape)}).", nameof(supervectors));
        if (_temporal is not null && (segments.dim() != 3 || segments.shape[1] != Options.Frames || segments.shape[2] != Options.Coefficients))
            throw new ArgumentException($"Segments are (sample, {Options.Frames} frames, {Options.Coefficients} coefficients), not ({string.Join(", ", segments.shape)}).", nameof(segments));
        if (_spatial is not null && _temporal is not null && supervectors.shape[0] != segments.shape[0])
            throw new ArgumentException($"There are {supervectors.shape[0]} supervectors and {segments.shape[0]} segments: there must be one of each for a sample.", nameof(segments));
    }
}
