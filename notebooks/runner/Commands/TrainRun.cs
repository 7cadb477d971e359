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

/// <summary>Checks the recordings, trains a model, saves it, and prints how reliable it is.</summary>
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
        if (!options.CheckOnly)
            TrainOutput.Require(options);
        var device = ComputeDevice.Choose(options.Device);
        var progress = new LiveProgress();
        var corpus = CorpusFinder.Open(options.Recordings, "", SimulatedCorpusOptions.Small, progress);
        if (!options.CheckOnly)
            TrainOutput.RequireNotARecording(options, corpus);
        foreach (var notice in options.CheckOnly ? corpus.FullNotices : corpus.Notices)
            Console.WriteLine(notice);
        var sized = PhoneModelOptions.Sized(Profile.Named(options.Profile));
        sized = options.Folds == 0 ? sized : sized with { Folds = options.Folds };
        var check = RecordingCheck.Run(corpus, options.KeepEmpty, progress, sized.Folds, sized.Classifier.Training.Seed);
        Console.WriteLine();
        PrintedTable.Print(RecordingTables.Check(check.Usable, check));
        if (check.Facts.Count > 0)
            PrintedTable.Print(RecordingTables.FileFacts(check));
        foreach (var warning in check.Warnings)
            Console.WriteLine($"! {warning}");
        if (options.CheckOnly)
            return ExitCode.Success;
        RequireEveryDevice(corpus, check);

        using var stop = new StopSignal("stopping; started again, the training goes on from there");
        using var model = PhoneModel.Train(
            check.Usable, sized, Path.Combine(Repository.Cache, "features"), device, progress, Console.WriteLine,
            options.Log, stop.Token);
        model.Save(options.Model);
        Console.WriteLine();
        foreach (var sentence in Reliability(model))
            Console.WriteLine(sentence);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"written: {options.Model} ({new FileInfo(options.Model).Length / 1048576.0:0.0} MB)"));
        return ExitCode.Success;
    }

    /// <summary>A model that lacks a device which the user recorded would give its recordings to others.</summary>
    private static void RequireEveryDevice(Corpus corpus, RecordingCheck check)
    {
        if (corpus.LostDevices.Count > 0)
            throw new CorpusException($"{corpus.LostDevicesNotice} Put recordings there, or remove the folder: a model without the device "
                + "would name others instead.");
        var lost = corpus.Devices.Except(check.Usable.Devices).ToList();
        if (lost.Count > 0)
            throw new CorpusException($"No recording of {string.Join(", ", lost)} can be used: record again, or remove the device"
                + $"{(check.LeftOut.Any() ? ", or use --keep-empty" : "")}.");
    }

    private static IEnumerable<string> Reliability(PhoneModel model)
    {
        var (right, count) = (model.Calibration.Right, model.Calibration.Recordings);
        yield return FormattableString.Invariant(
            $"Of {SentenceList.Count(count, "recording")} held out from training, ")
            + FormattableString.Invariant($"{right} {(right == 1 ? "was" : "were")} named correctly ({100.0 * right / count:0.0} %).");
        if (model.SimilarityCalibration is not { } calibration)
        {
            yield return "There are too few devices, recordings or folds to hold devices out: the model will not say 'none of these', "
                + $"and gives no likelihood ratios. {WccnCosineScorer.MinDevices + 1} devices, three recordings of each "
                + "and --folds 3 are enough.";
            yield break;
        }

        var point = OpenSetCurve.At(calibration.Curve, Identification.Identification.DefaultFalseAlarms);
        yield return FormattableString.Invariant(
            $"With devices held out as unknown ({calibration.Unknown} recordings), the threshold of 'none of these' gives ")
            + FormattableString.Invariant($"{100 * point.FalseAlarms:0.0} % false alarms (unknown devices named), and ")
            + FormattableString.Invariant($"{100 * point.Identified:0.0} % of the recordings of known devices are named correctly. ")
            + "(By the similarity of spectra alone: in an answer the name comes from the network.)";
    }
}
