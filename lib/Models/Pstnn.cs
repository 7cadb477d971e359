using DeviceId.Foundation;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DeviceId.Models;

/// <summary>The parallel spatial-temporal network of Zeng et al. (2021): two branches, their fusion, a back end, three outputs.</summary>
public sealed class Pstnn : Module<Tensor, Tensor, PstnnOutput>
{
    private readonly Module<Tensor, Tensor>? _spatial;
    private readonly TemporalLstm? _temporal;
    private readonly AttentionFusion? _attention;
    private readonly BackEnd _backEnd;
    private readonly Linear? _spatialHead;
    private readonly Linear? _temporalHead;

    private Pstnn(PstnnOptions options) : base(nameof(Pstnn))
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
        _attention = both && options.Fusion == Fusion.Attention ? new AttentionFusion() : null;
        _backEnd = new BackEnd(both && options.Fusion == Fusion.Concatenation ? 2 * options.Embedding : options.Embedding, options);
        _spatialHead = _spatial is null ? null : Linear(options.Embedding, options.Devices);
        _temporalHead = _temporal is null ? null : Linear(options.Embedding, options.Devices);
        RegisterComponents();
    }

    /// <summary>What the network was built from.</summary>
    public PstnnOptions Options { get; }

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
            _ => _attention is null ? cat([spatial, temporal], 1) : _attention.call(spatial, temporal),
        };
        var output = new PstnnOutput(
            spatial is null ? null : _spatialHead!.call(spatial), temporal is null ? null : _temporalHead!.call(temporal), _backEnd.call(fused));
        return output.Select(logits => logits.MoveToOuterDisposeScope());
    }

    /// <summary>Probabilities of the three outputs on the CPU, without dropout and gradients; the network's mode is as before afterwards.</summary>
    /// <param name="supervectors">(sample, component x coefficient).</param>
    /// <param name="segments">(sample, frame, coefficient).</param>
    /// <param name="batchSize">Samples computed together; without influence on the result beyond rounding.</param>
    /// <param name="device">Where the network is; null for the CPU.</param>
    public PstnnOutput Predict(Tensor supervectors, Tensor segments, int batchSize = 256, Device? device = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        return Evaluating(() =>
        {
            using var scope = NewDisposeScope();
            var parts = new List<PstnnOutput>();
            for (long start = 0; start < supervectors.shape[0]; start += batchSize)
            {
                using var batch = NewDisposeScope();
                var count = Math.Min(batchSize, supervectors.shape[0] - start);
                Tensor Part(Tensor all) => device is null ? all.narrow(0, start, count) : all.narrow(0, start, count).to(device);
                parts.Add(forward(Part(supervectors), Part(segments)).Select(logits => logits.softmax(1).cpu().MoveToOuterDisposeScope()));
            }

            Tensor Joined(Func<PstnnOutput, Tensor> head) => (parts.Count == 0 ? empty(0, Options.Devices) : cat(parts.Select(head).ToArray(), 0)).MoveToOuterDisposeScope();
            return new PstnnOutput(_spatial is null ? null : Joined(p => p.Spatial!), _temporal is null ? null : Joined(p => p.Temporal!), Joined(p => p.Deep));
        });
    }

    /// <summary>The weights (sample, branch) that attention gives the spatial and the temporal branch, without dropout and gradients; null without attention.</summary>
    /// <param name="supervectors">(sample, component x coefficient), where the network is.</param>
    /// <param name="segments">(sample, frame, coefficient), where the network is.</param>
    public Tensor? AttentionWeights(Tensor supervectors, Tensor segments)
    {
        if (_attention is null)
            return null;
        CheckShapes(supervectors, segments);
        return Evaluating(() =>
        {
            using var scope = NewDisposeScope();
            return _attention.Weights(_spatial!.call(supervectors), _temporal!.call(segments)).MoveToOuterDisposeScope();
        });
    }

    /// <summary>Runs a computation without dropout, gradients or a change of the normalisation's statistics, and restores the mode.</summary>
    private T Evaluating<T>(Func<T> compute)
    {
        var wasTraining = training;
        eval();
        try
        {
            using var gradients = no_grad();
            return compute();
        }
        finally
        {
            train(wasTraining);
        }
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
