using System.Text.Json;
using DeviceId.Data;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>A classifier by one Gaussian mixture per device; the score is the mean log-likelihood per frame, in nats.</summary>
/// <typeparam name="TOptions">Type of the settings.</typeparam>
/// <param name="kind">Name in files.</param>
/// <param name="options">Settings.</param>
/// <param name="device">Compute device.</param>
internal abstract class DeviceMixtureClassifier<TOptions>(string kind, TOptions options, Device device) : IDeviceClassifier
    where TOptions : ClassifierOptions
{
    private MixtureBank? _bank;

    /// <summary>The settings.</summary>
    public TOptions Options { get; private set; } = options;

    /// <summary>The mixtures; null before <see cref="Fit"/>.</summary>
    public MixtureBank? Bank => _bank;

    /// <summary>Compute device.</summary>
    protected Device Device { get; } = device;

    /// <inheritdoc/>
    public void Fit(TrainDataset train, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var scope = NewDisposeScope();
        var bank = Train(train, progress, cancellationToken);

        // Only now: if training is cancelled, the mixtures of an earlier training stay.
        Dispose();
        _bank = bank;
    }

    /// <inheritdoc/>
    public Tensor Scores(SampleBatch samples, CancellationToken cancellationToken = default)
    {
        var bank = _bank ?? throw new InvalidOperationException("The classifier has not been trained: call Fit or Load first.");
        using var work = ComputeScope.Enter();
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        return bank.Scores(samples.Segments, cancellationToken).to(ScalarType.Float32).cpu().MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Save(string path)
    {
        var bank = _bank ?? throw new InvalidOperationException("The classifier has not been trained: there is nothing to save.");
        TensorFile.Write(path, kind, Json.WriteCompact(Options), bank.State);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _bank?.Dispose();
        _bank = null;
        GC.SuppressFinalize(this);
    }

    /// <summary>Trains the mixtures.</summary>
    private protected abstract MixtureBank Train(
        TrainDataset train, IProgress<WorkProgress>? progress, CancellationToken cancellationToken);

    /// <summary>Reads a file written by <see cref="Save"/>.</summary>
    private protected void Restore(string path)
    {
        using var work = ComputeScope.Enter();
        using var scope = NewDisposeScope();
        var (about, tensors) = TensorFile.Read(path, kind);
        try
        {
            var stored = Json.Read<TOptions>(about);
            stored.Validate();
            var state = new StateReader(tensors);
            var bank = MixtureBank.Restore(state, Device);
            state.RequireEmpty();
            (Options, _bank) = (stored, bank);
        }
        catch (Exception error) when (error is JsonException or OptionsException or ArgumentException)
        {
            throw new ModelFileException(path, $"it cannot be used ({error.Message}); train the classifier again and save it.");
        }
    }
}
