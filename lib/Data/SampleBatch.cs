using static TorchSharp.torch;

namespace DeviceId.Data;

/// <summary>Samples without labels, for a classifier to score.</summary>
/// <param name="Supervectors">(sample, component x coefficient); no columns if the front end makes no supervectors.</param>
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
