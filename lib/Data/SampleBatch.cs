using static TorchSharp.torch;

namespace DeviceId.Data;

/// <summary>Samples without their truth: what a classifier is asked about.</summary>
/// <param name="Supervectors">(sample, component x coefficient); no columns where the front end makes none.</param>
/// <param name="Segments">(sample, frame, coefficient).</param>
public sealed record SampleBatch(Tensor Supervectors, Tensor Segments) : IDisposable
{
    /// <summary>Frees both tensors.</summary>
    public void Dispose()
    {
        Supervectors.Dispose();
        Segments.Dispose();
    }
}
