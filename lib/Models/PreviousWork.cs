using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Models;

/// <summary>
/// A reconstruction of the laboratory's network of 2020 (C. Zeng et al., "An end-to-end deep source recording device identification system for Web
/// media forensics", Int. J. Web Inf. Syst. 16(4), 2020): a convolutional branch for each of several features, attention, one loss.
/// </summary>
/// <remarks>
/// Known from the later paper and the abstract: end to end, more features than PSTNN's two, a parallel convolutional branch for each, attention
/// fusion, a single loss. Decided here, because our sources do not say: the features (supervector, cepstra and log mel energies of the segment),
/// the branches (PSTNN's CNN for each), the attention (PSTNN's), the back end (400, 128).
/// </remarks>
public sealed class PreviousWork : DeviceNetwork
{
    private static readonly int[] BackEndWidths = [400, 128];

    private readonly ConvolutionalBranch? _supervector;
    private readonly ConvolutionalBranch? _cepstra;
    private readonly ConvolutionalBranch? _energies;
    private readonly AttentionFusion? _attention;
    private readonly BackEnd _backEnd;

    private PreviousWork(PreviousWorkOptions options) : base(nameof(PreviousWork), options, options.Devices)
    {
        Options = options;
        ConvolutionalBranch? Branch(PreviousWorkFeatures feature, int rows, int columns) =>
            options.Features.HasFlag(feature) ? new ConvolutionalBranch(rows, columns, options.Embedding, options.Dropout) : null;
        _supervector = Branch(PreviousWorkFeatures.Supervector, options.Coefficients, options.Components);
        _cepstra = Branch(PreviousWorkFeatures.Cepstra, options.Frames, options.Coefficients);
        _energies = Branch(PreviousWorkFeatures.LogMelEnergies, options.Frames, options.LogMelEnergies);
        var branches = new[] { _supervector, _cepstra, _energies }.Count(branch => branch is not null);
        _attention = branches > 1 ? new AttentionFusion(branches) : null;
        _backEnd = new BackEnd(options.Embedding, BackEndWidths, options.Devices);
        RegisterComponents();
    }

    /// <summary>What the network was built from.</summary>
    public PreviousWorkOptions Options { get; }

    /// <summary>Builds a network on the CPU with weights drawn from a seed.</summary>
    /// <exception cref="OptionsException">The options cannot be used.</exception>
    public static PreviousWork Create(PreviousWorkOptions options, long seed)
    {
        options.Validate();
        Seeds.Set(Seeds.Derive(seed, "weights"));
        return new PreviousWork(options);
    }

    /// <summary>Logits of the one output.</summary>
    /// <param name="supervectors">(sample, component x coefficient).</param>
    /// <param name="segments">(sample, frame, coefficients and then log mel energies).</param>
    public override PstnnOutput forward(Tensor supervectors, Tensor segments)
    {
        using var scope = NewDisposeScope();
        var branches = Branches(supervectors, segments);
        var fused = _attention is null ? branches[0] : _attention.call(branches);
        return new PstnnOutput(null, null, _backEnd.call(fused).MoveToOuterDisposeScope());
    }

    private protected override Tensor? Attention(Tensor supervectors, Tensor segments) => _attention?.Weights(Branches(supervectors, segments));

    private Tensor[] Branches(Tensor supervectors, Tensor segments)
    {
        var branches = new[]
        {
            _supervector?.call(SupervectorMap.Of(supervectors, Options.Components, Options.Coefficients)),
            _cepstra?.call(segments.narrow(2, 0, Options.Coefficients).unsqueeze(1)),
            _energies?.call(segments.narrow(2, Options.Coefficients, Options.LogMelEnergies).unsqueeze(1)),
        };
        return [.. branches.Where(branch => branch is not null).Select(branch => branch!)];
    }
}
