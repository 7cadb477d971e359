using DeviceId.Corpora;
using DeviceId.Features;
using DeviceId.Foundation;
using DeviceId.Mixtures;
using static TorchSharp.torch;

namespace DeviceId.Data;

/// <summary>Background models that do not come from the training recordings: the laboratory's, one of our own, or TIMIT's.</summary>
internal static class BackgroundSource
{
    /// <summary>Reads a background model, or trains one on TIMIT.</summary>
    /// <param name="path">
    /// A <c>.mat</c> file of the laboratory (MATLAB 7.3), a file of <see cref="DiagonalGmm.Save"/>, or TIMIT's folder; empty for none.
    /// </param>
    /// <param name="options">The settings that the model must fit; on TIMIT it is trained with them.</param>
    /// <param name="store">Features of the same settings, for TIMIT.</param>
    /// <param name="device">Where TIMIT's model is trained.</param>
    /// <param name="progress">Told about TIMIT's files, features and training.</param>
    /// <param name="cancellationToken">Asked before each batch of TIMIT's features and each chunk of the training.</param>
    /// <returns>The model, owned by the caller; null for an empty path, where each split trains its own.</returns>
    /// <remarks>
    /// TIMIT has 16 kHz: its mel bands end at 8 kHz, those of 32 kHz recordings at 16 kHz. Cepstra of the two are compared nevertheless, as
    /// the paper does.
    /// </remarks>
    /// <exception cref="FileNotFoundException">Neither a file nor a folder.</exception>
    /// <exception cref="ArgumentException">The model has not as many components and coefficients as the settings say.</exception>
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
        var model = Directory.Exists(path) ? OnTimit(path, options, store, device, progress, cancellationToken)
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

    /// <summary>Refuses a model that does not fit the settings.</summary>
    internal static void Check(DiagonalGmm model, FrontEndOptions options, string name)
    {
        if (model.Components != options.Background.Components || model.Dimension != options.BackgroundColumns.Count)
            throw new ArgumentException(
                $"{name}: the background model has {model.Components} components of {model.Dimension} coefficients, the settings ask for " +
                $"{options.Background.Components} of {options.BackgroundColumns.Count}: take another model, or change "
                + "Background.Components.");
    }

    private static DiagonalGmm OnTimit(
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
