using System.Text.Json;
using DeviceId.Data;
using DeviceId.Foundation;
using DeviceId.Mixtures;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>
/// GMM-UBM: one mixture per device, adapted from the background model. The score is the mean log-likelihood ratio per frame, in nats.
/// </summary>
/// <remarks>
/// D. A. Reynolds, T. F. Quatieri, R. B. Dunn, "Speaker verification using adapted Gaussian mixture models", DSP 10, 2000. Only the means
/// are adapted; weights and variances are those of the background model. Score of device d: (1 / T) sum over t of [log p(x_t | d) -
/// log p(x_t | background)]. The segments must not be standardised (<see cref="FrontEndOptions.StandardiseSegments"/>), and training
/// windows should not overlap: a frame in two windows counts twice.
/// </remarks>
internal sealed class GmmUbm : IDeviceClassifier
{
    private const string Kind = "GMM-UBM";

    private readonly DiagonalGmm _background;
    private readonly double _relevanceFactor;
    private readonly Device _device;
    private IReadOnlyList<DiagonalGmm> _devices = [];

    /// <summary>Creates the classifier, not yet trained.</summary>
    /// <param name="background">The background model; copied.</param>
    /// <param name="relevanceFactor">Relevance factor tau of the MAP adaptation, in frames.</param>
    /// <param name="device">Compute device of the adaptation.</param>
    public GmmUbm(DiagonalGmm background, double relevanceFactor, Device device)
    {
        _background = new DiagonalGmm(background.Weights, background.Means, background.Variances);
        (_relevanceFactor, _device) = (relevanceFactor, device);
    }

    /// <summary>The mixture of each device, in the order of the labels; empty before <see cref="Fit"/>.</summary>
    public IReadOnlyList<DiagonalGmm> Devices => _devices;

    /// <inheritdoc/>
    public void Fit(TrainDataset train, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        using var scope = NewDisposeScope();
        using var adaptation = new MapAdaptation(_background, _relevanceFactor, _device, ScalarType.Float64);
        var frames = train.Segments.narrow(2, 0, _background.Dimension);
        var models = new List<DiagonalGmm>();
        try
        {
            for (var label = 0; label < train.Devices.Count; label++)
            {
                using var inner = NewDisposeScope();
                var own = frames.index_select(0, train.Labels.eq(label).nonzero().squeeze(1)).reshape(1, -1, _background.Dimension);
                models.Add(new DiagonalGmm(_background.Weights, adaptation.Means(own, cancellationToken)[0].cpu(), _background.Variances));
                progress?.Report(new WorkProgress(Kind, label + 1, train.Devices.Count));
            }
        }
        catch
        {
            models.ForEach(model => model.Dispose());
            throw;
        }

        DisposeModels();
        _devices = models;
    }

    /// <inheritdoc/>
    public Tensor Scores(SampleBatch samples, CancellationToken cancellationToken = default)
    {
        if (_devices.Count == 0)
            throw new InvalidOperationException("The classifier has not been trained: call Fit or Load first.");
        using var scope = NewDisposeScope();
        var (count, length) = (samples.Segments.shape[0], samples.Segments.shape[1]);
        var frames = samples.Segments.narrow(2, 0, _background.Dimension).reshape(-1, _background.Dimension);
        var background = _background.LogLikelihood(frames, cancellationToken);
        var ratios = _devices.Select(device =>
            (device.LogLikelihood(frames, cancellationToken) - background).view(count, length).mean([1]));
        return stack(ratios.ToArray(), 1).to(ScalarType.Float32).cpu().MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Save(string path)
    {
        using var scope = NewDisposeScope();
        if (_devices.Count == 0)
            throw new InvalidOperationException("The classifier has not been trained: there is nothing to save.");
        var means = stack(_devices.Select(d => d.Means).ToArray(), 0);
        TensorFile.Write(path, Kind, Json.WriteCompact(_relevanceFactor),
        [
            ("weights", _background.Weights), ("means", _background.Means), ("variances", _background.Variances), ("device means", means),
        ]);
    }

    /// <summary>Reads a file written by <see cref="Save"/>.</summary>
    /// <exception cref="ModelFileException">The file cannot be used.</exception>
    public static GmmUbm Load(string path, Device device)
    {
        using var scope = NewDisposeScope();
        var (about, tensors) = TensorFile.Read(path, Kind);
        if (tensors.Count != 4 || tensors[3].Tensor.dim() != 3 || tensors[3].Tensor.shape[0] == 0)
            throw new ModelFileException(
                path, "its tensors are not those of a background model and device mixtures; train the classifier again and save it.");
        try
        {
            var relevanceFactor = Json.Read<double>(about);
            using var background = new DiagonalGmm(tensors[0].Tensor, tensors[1].Tensor, tensors[2].Tensor);
            var devices = new List<DiagonalGmm>();
            for (var i = 0L; i < tensors[3].Tensor.shape[0]; i++)
                devices.Add(new DiagonalGmm(background.Weights, tensors[3].Tensor[i], background.Variances));
            return new GmmUbm(background, relevanceFactor, device) { _devices = devices };
        }
        catch (Exception error) when (error is ArgumentException or JsonException)
        {
            throw new ModelFileException(path, $"it cannot be used ({error.Message}); train the classifier again and save it.");
        }
    }

    /// <summary>Frees all mixtures.</summary>
    public void Dispose()
    {
        _background.Dispose();
        DisposeModels();
    }

    private void DisposeModels()
    {
        foreach (var model in _devices)
            model.Dispose();
        _devices = [];
    }
}
