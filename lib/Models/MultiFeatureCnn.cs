using DeviceId.Data;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DeviceId.Models;

/// <summary>
/// A reconstruction of the authors' multi-feature CNN of 2020 (C. Zeng et al., "An end-to-end deep source recording device identification
/// system for Web media forensics", Int. J. Web Inf. Syst. 16(4), 2020): a convolutional branch per feature, attention fusion, one loss.
/// </summary>
/// <remarks>
/// Known from the abstract and the later paper: end to end, more features than the two of PSTNN, a parallel convolutional branch for each,
/// attention fusion, a single loss. Our choice, because neither states it: the features (supervector; cepstra and log mel energies of the
/// segment), the branches (the CNN of PSTNN for each), the attention (that of PSTNN), the back end (widths 400 and 128).
/// </remarks>
internal sealed class MultiFeatureCnn : DeviceNetwork
{
    private readonly Module<Tensor, Tensor>? supervector;
    private readonly Module<Tensor, Tensor>? cepstra;
    private readonly Module<Tensor, Tensor>? energies;
    private readonly Module<Tensor[], Tensor>? fusion;
    private readonly Module<Tensor, Tensor> backEnd;

    internal MultiFeatureCnn(MultiFeatureCnnOptions options, SampleShape shape, Device device)
        : base(nameof(MultiFeatureCnn), options, shape)
    {
        Options = options;
        var (components, coefficients) = (shape.Components, shape.Coefficients);
        supervector = Branch(MultiFeatureCnnInputs.Supervector, coefficients, components) is { } branch
            ? Sequential(new SupervectorMap(components, coefficients), branch) : null;
        cepstra = Branch(MultiFeatureCnnInputs.Cepstra, shape.Frames, coefficients);
        energies = Branch(MultiFeatureCnnInputs.LogMelEnergies, shape.Frames, shape.FurtherColumns);
        var branches = new[] { supervector, cepstra, energies }.Count(module => module is not null);
        fusion = branches > 1 ? new AttentionFusion(branches, device) : null;
        backEnd = Branches.BackEnd(options.Embedding, [400, 128], shape.Devices, device);
        RegisterComponents();

        Module<Tensor, Tensor>? Branch(MultiFeatureCnnInputs feature, int rows, int columns) =>
            options.Features.HasFlag(feature) ? Branches.Cnn(rows, columns, options.Embedding, options.Dropout, device) : null;
    }

    /// <summary>The options that the network was built from.</summary>
    public MultiFeatureCnnOptions Options { get; }

    /// <summary>Logits (sample, device) of the single output.</summary>
    /// <param name="supervectors">(sample, component x coefficient).</param>
    /// <param name="segments">(sample, frame, column); columns are the coefficients, then the log mel energies.</param>
    public override PstnnOutput forward(Tensor supervectors, Tensor segments)
    {
        using var scope = NewDisposeScope();
        var embeddings = Embeddings(supervectors, segments);
        var fused = fusion is null ? embeddings[0] : fusion.call(embeddings);
        return new PstnnOutput(null, null, backEnd.call(fused).MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    protected override Tensor? Attention(Tensor supervectors, Tensor segments) =>
        (fusion as AttentionFusion)?.Weights(Embeddings(supervectors, segments));

    /// <summary>The embedding (sample, embedding) of each branch.</summary>
    private Tensor[] Embeddings(Tensor supervectors, Tensor segments)
    {
        var embeddings = new[]
        {
            supervector?.call(supervectors),
            cepstra?.call(segments.narrow(2, 0, Shape.Coefficients).unsqueeze(1)),
            energies?.call(segments.narrow(2, Shape.Coefficients, Shape.FurtherColumns).unsqueeze(1)),
        };
        return [.. embeddings.OfType<Tensor>()];
    }
}
