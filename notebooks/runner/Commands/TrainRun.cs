using System.Globalization;
using DeviceId.Audio;
using DeviceId.Corpora;
using DeviceId.Evaluation;
using DeviceId.Experiments;
using DeviceId.Foundation;
using DeviceId.Identification;
using DeviceId.Notebooks.Format;
using DeviceId.Notebooks.Process;
using DeviceId.Reporting;

namespace DeviceId.Notebooks.Commands;

/// <summary>Looks at the recordings, trains, says what the model is worth, and writes it.</summary>
internal static class TrainRun
{
    /// <summary>Checks the options and runs.</summary>
    /// <exception cref="NotebookException">The recordings or the options cannot be used.</exception>
    public static int Start(TrainOptions options)
    {
        try
        {
            return Run(options);
        }
        catch (Exception problem) when (problem is ArgumentException or CorpusException or AudioException or OptionsException)
        {
            throw new NotebookException(problem.Message);
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
    }

    private static int Run(TrainOptions options)
    {
        if (Directory.Exists(options.Model))
            throw new NotebookException($"--model: '{options.Model}' is a folder; name the file to write, such as phones.model.");
        if (!options.CheckOnly)
            WritableFile.Require("--model", options.Model);
        var device = ComputeDevice.Choose(options.Device);
        var progress = new LiveProgress();
        var corpus = CorpusFinder.Open(options.Recordings, "", SimulatedCorpusOptions.Small, progress);
        if (corpus.Skipped.Count > 0)
            Console.WriteLine(options.CheckOnly ? corpus.WholeSkippedNotice : corpus.SkippedNotice);
        var sized = PhoneModelOptions.Sized(Profile.Named(options.Profile));
        sized = options.Folds == 0 ? sized : sized with { Folds = options.Folds };
        var check = RecordingCheck.Run(corpus, progress, sized.Folds, sized.Classifier.Training.Seed);
        Console.WriteLine();
        Console.WriteLine(RecordingTables.Check(corpus, check));
        foreach (var warning in check.Warnings)
            Console.WriteLine($"! {warning}");
        if (options.CheckOnly)
            return ExitCode.Success;

        using var stop = new StopSignal("stopping; started again, the training goes on from there");
        using var model = PhoneModel.Train(
            corpus, sized, Path.Combine(Repository.Cache, "features"), device, progress, Console.WriteLine, stop.Token);
        model.Save(options.Model);
        Console.WriteLine();
        foreach (var sentence in Worth(model))
            Console.WriteLine(sentence);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"written: {options.Model} ({new FileInfo(options.Model).Length / 1048576.0:0.0} MB)"));
        return ExitCode.Success;
    }

    private static IEnumerable<string> Worth(PhoneModel model)
    {
        yield return string.Create(CultureInfo.InvariantCulture,
            $"Of {model.Calibration.Recordings} recordings held out from training, {model.Calibration.Right} were named rightly ({100.0 * model.Calibration.Right / model.Calibration.Recordings:0.0} %).");
        if (model.SimilarityCalibration is not { } likeness)
        {
            yield return $"There are too few devices, recordings or folds to hold devices out: the model will not say 'none of these', and gives no likelihood ratios. {WccnCosineScorer.MinDevices + 1} devices, three recordings of each and --folds 3 are enough.";
            yield break;
        }

        var point = OpenSetCurve.At(likeness.Curve, Identification.Identification.UsualFalseAlarms);
        yield return string.Create(CultureInfo.InvariantCulture,
            $"With devices held out as unknown ({likeness.Unknown} recordings), 'none of these' is said so that {100 * point.FalseAlarms:0.0} % of their recordings are named all the same; {100 * point.Identified:0.0} % of the recordings of known devices are more alike than that to their own device, and to no other more. (By the spectrum alone: the name itself is the network's.)");
    }
}
