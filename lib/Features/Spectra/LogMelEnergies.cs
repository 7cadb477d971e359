using DeviceId.Audio;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>
/// Log mel energies: natural logarithms of the mel filter outputs, one row per frame, as before the DCT of the cepstra.
/// </summary>
/// <remarks>
/// With as many coefficients as filters the DCT of <see cref="Mfcc"/> is orthonormal, so its transpose inverts it. Steps 1 to 5 are thus
/// implemented only once.
/// </remarks>
internal sealed class LogMelEnergies : IFrameFeatures
{
    private readonly Mfcc _mfcc;
    private readonly Tensor _cosines;

    /// <summary>Prepares the extraction.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="device">Device that computes and holds the results.</param>
    /// <exception cref="OptionsException">The settings are invalid.</exception>
    public LogMelEnergies(LogMelOptions options, Device device)
    {
        options.Validate();
        _mfcc = new Mfcc(options.InvertibleMfcc, device);
        using var managed = tensor(MfccTables.CosineTransform(options.Filters, options.Filters), ScalarType.Float32, CPU);
        _cosines = managed.clone().to(device).DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public int Dimension => _mfcc.Dimension;

    /// <inheritdoc/>
    public string Description => $"log mel {_mfcc.Description}";

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Extract(IReadOnlyList<AudioClip> clips)
    {
        using var scope = NewDisposeScope();
        return [.. _mfcc.Extract(clips).Select(cepstra => cepstra.mm(_cosines).MoveToOuterDisposeScope())];
    }

    /// <summary>Whether a recording can be extracted in blocks (<see cref="Mfcc.WorksInBlocks"/>).</summary>
    internal bool WorksInBlocks => _mfcc.WorksInBlocks;

    /// <summary>Extracts the log mel energies of a block of a recording (<see cref="Mfcc.ExtractBlock"/>).</summary>
    internal Tensor ExtractBlock(AudioClip block, float peak, out MfccBlockRange range)
    {
        using var cepstra = _mfcc.ExtractBlock(block, peak, out range);
        return cepstra.mm(_cosines);
    }
}
