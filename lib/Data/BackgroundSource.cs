using DeviceId.Corpora;
using DeviceId.Features;
using DeviceId.Foundation;
using DeviceId.Mixtures;
using static TorchSharp.torch;

namespace DeviceId.Data;

/// <summary>
/// Opens background models that are not trained on the training recordings: one of the paper's authors, one of our own, or one trained on
/// TIMIT.
/// </summary>
internal static class BackgroundSource
{
    /// <summary>Reads a background model, or trains one on TIMIT.</summary>
    /// <param name="path">
    /// A <c>.mat</c> file of the paper's authors (MATLAB 7.3), a file of <see cref="DiagonalGmm.Save"/>, or TIMIT's folder; empty for none.
    /// </param>
    /// <param name="options">The settings that the model must fit; a model on TIMIT is trained with them.</param>
    /// <param name="store">Feature store with the same settings, for TIMIT.</param>
    /// <param name="device">The device that trains a model on TIMIT.</param>
    /// <param name="progress">Receives the progress of TIMIT's files, features and training.</param>
    /// <param name="cancellationToken">Checked before each batch of TIMIT's features and each chunk of the training.</param>
    /// <returns>The model, owned by the caller; null for an empty path: each split then trains its own.</returns>
    /// <remarks>
    /// TIMIT is sampled at 16 kHz, so its mel bands end at 8 kHz; those of 32 kHz recordings end at 16 kHz. The cepstra are compared
    /// nevertheless, as in the paper.
    /// </remarks>
    /// <exception cref="FileNotFoundException">The path is neither a file nor a folder.</exception>
    /// <exception cref="ArgumentException">The model's numbers of components and coefficients differ from the settings.</exception>
    /// <exception cref="CorpusException">The folder is not TIMIT.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static DiagonalGmm? Open(
        string path, FrontEndOptions options, FeatureStore store, Device device, IProgress<WorkProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        if (path.Length == 0)
            return null;
        if (!Path.Exists(path))
            throw new FileNotFoundException(
                $"There is no background model '{path}': give a .mat file, a model file of this library, or TIMIT's folder.", path);
        var model = Directory.Exists(path) ? TrainOnTimit(path, options, store, device, progress, cancellationToken)
            : Path.GetExtension(path).Equals(".mat", StringComparison.OrdinalIgnoreCase) ? MatlabModel.Read(path)
            : DiagonalGmm.Load(path);
        try
        {
            Check(model, options, path);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Throws if a model does not fit the settings.</summary>
    internal static void Check(DiagonalGmm model, FrontEndOptions options, string name)
    {
        if (model.Components != options.Background.Components || model.Dimension != options.BackgroundColumns.Count)
            throw new ArgumentException(
                $"{name}: the background model has {model.Components} components of {model.Dimension} coefficients, the settings ask for "
                + $"{options.Background.Components} of {options.BackgroundColumns.Count}: take another model, or change "
                + "Background.Components.");
    }

    private static DiagonalGmm TrainOnTimit(
        string folder, FrontEndOptions options, FeatureStore store, Device device, IProgress<WorkProgress>? progress,
        CancellationToken cancellationToken)
    {
        var features = store.Load(Timit.Open(folder, progress).Recordings, progress, cancellationToken);
        try
        {
            return new GmmTrainer(options.Background, device).Fit(features, progress, cancellationToken).Model;
        }
        finally
        {
            foreach (var matrix in features)
                matrix.Dispose();
        }
    }
}
