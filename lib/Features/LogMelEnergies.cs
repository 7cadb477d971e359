using DeviceId.Audio;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>
/// Logarithms (nats) of the mel filters' outputs, a row a frame: the spectrum before the cosine transform folds it into cepstra.
/// </summary>
/// <remarks>
/// The transform of <see cref="Mfcc"/> with as many coefficients as filters loses nothing, so it is undone here by its transpose: steps 1
/// to 5 stay in one place.
/// </remarks>
internal sealed class LogMelEnergies : IFrameFeatures
{
    private readonly Mfcc _cepstra;
    private readonly Tensor _cosines;

    /// <summary>Prepares the extraction.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="device">Where the work is done and the results live.</param>
    /// <exception cref="OptionsException">The settings cannot be used.</exception>
    public LogMelEnergies(LogMelOptions options, Device device)
    {
        options.Validate();
        _cepstra = new Mfcc(options.InvertibleCepstra, device);
        using var managed = tensor(MfccTables.CosineTransform(options.Filters, options.Filters), ScalarType.Float32, CPU);
        _cosines = managed.clone().to(device).DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public int Dimension => _cepstra.Dimension;

    /// <inheritdoc/>
    public string Description => $"log mel {_cepstra.Description}";

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Extract(IReadOnlyList<AudioClip> clips)
    {
        using var scope = NewDisposeScope();
        return [.. _cepstra.Extract(clips).Select(cepstra => cepstra.mm(_cosines).MoveToOuterDisposeScope())];
    }
}
