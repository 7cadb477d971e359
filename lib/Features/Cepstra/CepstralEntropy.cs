using DeviceId.Audio;
using DeviceId.Foundation;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>Entropy of each cepstral coefficient over the near-silent frames around a frame, from 0 to 1.</summary>
/// <remarks>
/// After M. Jahanirad et al., 2014 (devices of recorded calls), whose normalisation is not known: a reconstruction.
/// <list type="number">
/// <item>MFCC without deltas; near-silent are the ceil(QuietShare T) frames with the lowest c0, and those that equal the last of them;
/// </item>
/// <item>for each frame the K near-silent frames nearest in order: half of them before it, half after it, shifted at the ends;
/// K = QuietFrames or all if there are fewer;</item>
/// <item><c>p = (|c| + 1e-12) / sum</c> or <c>exp(c) / sum</c> over these; <c>H = -(sum of p ln p) / ln K</c>, 1 if K = 1.</item>
/// </list>
/// A constant channel adds to c: with magnitudes the entropy of each coefficient changes with it, with softmax it is lost. A row depends on
/// frames far away.
/// </remarks>
internal sealed class CepstralEntropy : IFrameFeatures
{
    private const int ArithmeticVersion = 1;
    private const double Smallest = 1e-12;

    private readonly CepstralEntropyOptions _options;
    private readonly Mfcc _mfcc;

    /// <summary>Prepares the extraction.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="device">Device that computes and holds the results.</param>
    /// <exception cref="OptionsException">The settings are invalid.</exception>
    public CepstralEntropy(CepstralEntropyOptions options, Device device)
    {
        options.Validate();
        (_options, _mfcc) = (options, new Mfcc(options.Cepstra, device));
    }

    /// <inheritdoc/>
    public int Dimension => _options.Dimension;

    /// <inheritdoc/>
    public string Description => FormattableString.Invariant(
        $"{Json.WriteCompact<FeatureOptions>(_options)} arithmetic {ArithmeticVersion} of {_mfcc.Description}");

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Extract(IReadOnlyList<AudioClip> clips)
    {
        using var compute = ComputeScope.Enter();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        return [.. _mfcc.Extract(clips).Select(cepstra => Compute(cepstra).MoveToOuterDisposeScope())];
    }

    /// <summary>Entropies (frame, coefficient) of one recording.</summary>
    /// <param name="cepstra">(frame, coefficient).</param>
    internal Tensor Compute(Tensor cepstra)
    {
        if (cepstra.shape[0] == 0)
            return cepstra.alias();
        using var scope = NewDisposeScope();
        var frames = cepstra.shape[0];
        var level = cepstra.select(1, 0);
        var threshold = level.sort().Values[(long)Math.Ceiling(_options.QuietShare * frames) - 1];
        var quiet = level.le(threshold).nonzero().squeeze(1);
        var count = quiet.shape[0];
        var window = Math.Min(_options.QuietFrames, count);
        var entropies = Entropies(cepstra.index_select(0, quiet).to(ScalarType.Float64), window);
        var before = searchsorted(quiet, arange(frames, ScalarType.Int64, cepstra.device));
        var first = (before - window / 2).clamp(0, count - window);
        return entropies.index_select(0, first).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <summary>Entropy of each window of consecutive rows: (window, coefficient).</summary>
    private Tensor Entropies(Tensor quiet, long window)
    {
        if (window == 1)
            return ones_like(quiet);
        var values = quiet.unfold(0, window, 1); // (window, coefficient, frame)
        var weights = _options.Weights == EntropyWeights.Softmax ? values.softmax(2) : values.abs() + Smallest;
        var probabilities = weights / weights.sum([2], keepdim: true);
        return -(probabilities * probabilities.clamp_min(LogMagnitude.SmallestNormal).log()).sum([2]) / Math.Log(window);
    }
}
