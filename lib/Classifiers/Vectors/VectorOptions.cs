using DeviceId.Data;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>Settings of the vector that represents a segment; each kind of settings creates its own kind of extractor.</summary>
public abstract record VectorOptions : Options
{
    /// <summary>
    /// Every reason why the vectors cannot be made from samples of this front end, one sentence each; empty when they can.
    /// </summary>
    /// <param name="frontEnd">Settings of the front end.</param>
    public virtual IEnumerable<string> ProblemsWith(FrontEndOptions frontEnd) => [];

    /// <inheritdoc/>
    public override IEnumerable<string> Problems() => [];

    /// <summary>Fits the extractor to training samples.</summary>
    /// <param name="train">The training samples.</param>
    /// <param name="context">Background model, seed and compute device.</param>
    /// <param name="progress">Receives the progress.</param>
    /// <param name="cancellationToken">Checked at least every few seconds.</param>
    internal abstract VectorExtractor Fit(
        TrainDataset train, VectorContext context, IProgress<WorkProgress>? progress, CancellationToken cancellationToken);

    /// <summary>Restores an extractor from its state.</summary>
    /// <param name="state">The tensors.</param>
    /// <param name="length">Number of values of a vector.</param>
    /// <param name="device">Compute device.</param>
    /// <exception cref="ArgumentException">The tensors do not belong to these settings.</exception>
    internal abstract VectorExtractor Restore(StateReader state, long length, Device device);
}
