using DeviceId.Corpora;
using DeviceId.Notebooks.Format;

namespace DeviceId.Notebooks.Commands;

/// <summary>Protects the reference recordings of <c>train</c> from its model.</summary>
internal static class TrainOutput
{
    /// <summary>Checks before any work what the paths alone tell.</summary>
    /// <exception cref="NotebookException">
    /// The model would replace the table or a file among the recordings, or cannot be written.
    /// </exception>
    public static void Require(TrainOptions options)
    {
        if (Directory.Exists(options.Model))
            throw new NotebookException($"--model: '{options.Model}' is a folder; name the file to write, such as phones.model.");
        var outputs = new OutputFiles(options.Force);
        outputs.AddInput("the table of the recordings", options.Recordings);
        outputs.Require("--model", options.Model, OwnFile.IsModel);
        if (Directory.Exists(options.Recordings) && File.Exists(options.Model) && !OwnFile.IsModel(options.Model)
            && SamePath.IsInside(options.Model, options.Recordings))
            throw new NotebookException($"--model: '{options.Model}' lies among the reference recordings, and would be overwritten. "
                + "Name another file.");
    }

    /// <summary>Checks before the training that the model replaces none of the recordings, wherever they lie.</summary>
    /// <exception cref="NotebookException">It would.</exception>
    public static void RequireNotARecording(TrainOptions options, Corpus corpus)
    {
        if (!File.Exists(options.Model) || OwnFile.IsModel(options.Model))
            return;
        var paths = corpus.Recordings.Select(r => r.Path).Concat(corpus.Skipped.Select(s => s.Path)).Concat(corpus.Ignored);
        if (paths.Any(path => SamePath.IsSame(options.Model, path)))
            throw new NotebookException($"--model: '{options.Model}' is one of the reference recordings, and would be overwritten. "
                + "Name another file.");
    }
}
