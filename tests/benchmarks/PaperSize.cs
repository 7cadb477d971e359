using System.Diagnostics;
using DeviceId.Audio;
using DeviceId.Classifiers;
using DeviceId.Corpora;
using DeviceId.Data;
using DeviceId.Experiments;
using DeviceId.Features;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Benchmarks;

/// <summary>
/// A corpus of the paper's size, 45 devices x 642 recordings, with the 685 frames per sample that its parameter count implies: features,
/// background model, samples and some training steps, with time and peak memory of the process after each. The recordings are noise, which
/// takes as long as speech.
/// </summary>
internal static class PaperSize
{
    private const int Devices = 45;
    private const int RecordingsPerDevice = 642;
    private const int Rate = 32000;
    private const double Seconds = 5.6; // slightly more than 685 frames of 8 ms
    private const int TrainingSteps = 10;

    /// <summary>Prints the table.</summary>
    /// <param name="folder">Folder of the recordings (10 GB).</param>
    public static void Print(string folder)
    {
        Console.WriteLine();
        Console.WriteLine(
            $"| paper size: {Devices} devices x {RecordingsPerDevice} recordings of {Seconds} s at {Rate} Hz "
            + "| seconds | peak memory so far (GB) | note |");
        Console.WriteLine("| --- | --- | --- | --- |");
        var clock = Stopwatch.StartNew();
        var corpus = CcnuMobile.Open(CreateRecordings(Path.Combine(folder, "paper-size")));
        var split = Folds.Paper(corpus)[0];
        Row("creating (if missing) and listing the recordings", "");

        // The framing that the published parameter count implies.
        var settings = Profile.Paper.Settings.WithFrontEnd(
            f => f.WithSegmentFrames(SampleShape.AsCounted.Frames).WithMfcc(_ => MfccOptions.Melcepst));
        var cache = Directory.CreateTempSubdirectory("deviceid-benchmark-").FullName;
        try
        {
            var store = new FeatureStore(cache, settings.FrontEnd.CreateFeatures(CPU));
            var start = clock.Elapsed;
            // A thousand at a time, to limit memory: only the extraction is measured here.
            foreach (var recordings in corpus.Recordings.Chunk(1000))
            {
                foreach (var matrix in store.Load(recordings))
                    matrix.Dispose();
            }

            var audio = corpus.Recordings.Sum(r => r.DurationSeconds);
            Row("features of all recordings, including reading, hashing and storing",
                FormattableString.Invariant($"{audio / (clock.Elapsed - start).TotalSeconds:0} x real time (target 3000)"));
            var (frontEnd, samples) = FrontEnd.Fit(split.Train, settings.FrontEnd, store, CPU);
            Row("background model and samples of the training recordings", $"{samples.Count} samples");
            start = clock.Elapsed;
            var batch = Profile.Paper.Training.BatchSize;
            var classifier = settings.WithTraining(training =>
                training with { Epochs = 1, SamplesPerEpoch = TrainingSteps * batch }).Classifier;
            using var network = classifier.Create(new ClassifierContext(frontEnd, split.Train.Devices, 1, CPU));
            network.Fit(samples);
            Row($"{TrainingSteps} training steps of batch {batch}",
                FormattableString.Invariant(
                    $"{(clock.Elapsed - start).TotalSeconds / TrainingSteps:0.00} s per step; peak memory target 8 GB"));
            frontEnd.Dispose();
            samples.Dispose();
        }
        finally
        {
            Directory.Delete(cache, recursive: true);
        }

        void Row(string step, string note)
        {
            Console.WriteLine(FormattableString.Invariant(
                $"| {step} | {clock.Elapsed.TotalSeconds:0} | {PeakGigabytes():0.00} | {note} |"));
        }
    }

    private static double PeakGigabytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 / 1e9;
    }

    private static string CreateRecordings(string folder)
    {
        Directory.CreateDirectory(folder);
        ParallelLoops.For(Devices * RecordingsPerDevice, i =>
        {
            var path = Path.Combine(folder, $"phone{i % Devices}_{(i / Devices) + 1}.wav");
            if (File.Exists(path))
                return;
            var random = new SplitMix64((ulong)i);
            var samples = new float[(int)(Seconds * Rate)];
            foreach (ref var sample in samples.AsSpan())
                sample = (float)(0.2 * (random.Uniform() - 0.5));
            WaveFile.Write(path, new AudioClip(samples, Rate));
        });
        return folder;
    }
}
