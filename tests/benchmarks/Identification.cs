using DeviceId.Audio;
using DeviceId.Classifiers;
using DeviceId.Corpora;
using DeviceId.Evaluation;
using DeviceId.Experiments;
using DeviceId.Identification;
using DeviceId.Notebooks.Engine;
using static TorchSharp.torch;

namespace DeviceId.Benchmarks;

/// <summary>
/// Latency of identifying the device of an eight-second WAV file, warm, for each system of Table 9 and 45 simulated devices. Accuracy is
/// not measured.
/// </summary>
internal static class Identification
{
    private const double Seconds = 8;
    private const double MaxMilliseconds = 20;
    private const int Rounds = 15;

    /// <summary>Prints the table.</summary>
    /// <param name="folder">Folder of the simulated recordings.</param>
    public static void Print(string folder)
    {
        var options = new SimulatedCorpusOptions
        {
            Brands = 5, ModelsPerBrand = 3, UnitsPerModel = 3, Sentences = 4, SecondsPerSentence = Seconds,
        };
        var corpus = SimulatedCorpus.Open(options, folder);
        var split = Folds.LeaveOneSentenceOut(corpus)[0];
        var cell = new VariantCell("notebooks", cache: null);
        var systems = Profile.Standard.Variants(shared => cell.Evaluate(ExperimentCatalog.Named("06-systems"), shared)).Take(6)
            .Select(variant => Prepare(variant, split)).Append(Prepare(corpus, split)).ToList();
        try
        {
            var times = systems.Select(_ => new List<double>()).ToList();
            // Alternating, so that other load of the machine affects all systems alike.
            for (var round = 0; round < Rounds; round++)
            {
                for (var i = 0; i < systems.Count; i++)
                    times[i].Add(Latency.Milliseconds(systems[i].Identify, repeats: 5, warmUps: 2));
            }

            Console.WriteLine();
            Console.WriteLine(
                $"| WAV file of {Seconds} s to one of {corpus.Devices.Count} devices, warm | ms: median of {Rounds} (min to max) "
                + "| time relative to the PSTNN, per round: median (min to max) | target |");
            Console.WriteLine("| --- | --- | --- | --- |");
            for (var i = 0; i < systems.Count; i++)
            {
                var ratios = times[i].Zip(times[0], (time, pstnn) => time / pstnn).ToList();
                var target = i == 0 || i == systems.Count - 1 ? $"<= {MaxMilliseconds} ms" : "> 1";
                Console.WriteLine($"| {systems[i].Name} | {Timing.Range(times[i], "0.0")} | {Timing.Range(ratios, "0.00")} | {target} |");
            }
        }
        finally
        {
            systems.ForEach(system => system.Release());
        }
    }

    /// <summary>The command <c>identify</c>: calibrated candidates, likelihood ratios, result per segment, comparison of spectra.</summary>
    private static (string Name, Action Identify, Action Release) Prepare(Corpus corpus, Split split)
    {
        var options = new PhoneModelOptions();
        var cache = Directory.CreateTempSubdirectory("deviceid-benchmark-");
        var model = PhoneModel.Train(
            corpus.Subset(split.Train.Recordings.Contains),
            options.WithTraining(training => training with { Epochs = 1, SamplesPerEpoch = 256 }), cache.FullName, CPU);
        cache.Delete(recursive: true);
        var path = split.Test.Recordings[0].Path;
        void Identify() => model.Identify(AudioFile.Read(path));
        return ("phone model (probabilities, results per segment, likelihood ratios)", Identify, model.Dispose);
    }

    private static (string Name, Action Identify, Action Release) Prepare(Variant variant, Split split)
    {
        var settings = variant.Settings.Classifier is NetworkClassifierOptions
            ? variant.Settings.WithTraining(training => training with { Epochs = 1, SamplesPerEpoch = 256 }) : variant.Settings;
        var cache = Directory.CreateTempSubdirectory("deviceid-benchmark-");
        var pipeline = new Pipeline(cache.FullName, CPU);
        var samples = pipeline.Prepare(split.Train, settings.FrontEnd);
        var system = pipeline.Train(samples, settings.Classifier, 1);
        cache.Delete(recursive: true);
        var path = split.Test.Recordings[0].Path;
        var devices = split.Train.Devices;
        return (variant.Name, Identify, Release);

        void Identify()
        {
            using var scope = NewDisposeScope();
            using var batch = system.FrontEnd.Transform(AudioFile.Read(path));
            using var scores = system.Classifier.Scores(batch);
            _ = devices[(int)scores.mean([0]).argmax().item<long>()];
        }

        void Release()
        {
            system.Dispose();
            samples.Dispose();
        }
    }
}
