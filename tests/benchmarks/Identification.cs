using DeviceId.Notebooks.Engine;
using DeviceId.Classifiers;
using DeviceId.Audio;
using DeviceId.Corpora;
using DeviceId.Evaluation;
using DeviceId.Experiments;
using DeviceId.Identification;
using static TorchSharp.torch;

namespace DeviceId.Benchmarks;

/// <summary>
/// From a WAV file of eight seconds to the device's name, warm, by each system of Table 9 among 45 simulated devices. How right they are is
/// not looked at.
/// </summary>
internal static class Identification
{
    private const double Seconds = 8;
    private const double MostMilliseconds = 20;
    private const int Rounds = 15;

    /// <summary>Prints the table.</summary>
    /// <param name="folder">Where the simulated recordings are kept.</param>
    public static void Print(string folder)
    {
        var corpus = SimulatedCorpus.Open(new SimulatedCorpusOptions
        {
            Brands = 5, ModelsPerBrand = 3, UnitsPerModel = 3, Sentences = 4,
            SecondsPerSentence = Seconds
        }, folder);
        var split = Folds.LeaveOneSentenceOut(corpus)[0];
        var cell = new VariantCell("notebooks", cache: null);
        var systems = Profile.Standard.Variants(shared => cell.Evaluate(ExperimentCatalog.Named("06-systems"), shared)).Take(6)
            .Select(variant => Ready(variant, split)).Append(Ready(corpus, split)).ToList();
        try
        {
            var times = systems.Select(_ => new List<double>()).ToList();
            // Taking turns, so that what else the machine does falls on all.
            for (var round = 0; round < Rounds; round++)
            {
                for (var i = 0; i < systems.Count; i++)
                    times[i].Add(Latency.Milliseconds(systems[i].Identify, repeats: 5, warmUps: 2));
            }

            Console.WriteLine();
            Console.WriteLine($"| WAV file of {Seconds} s to one of {corpus.Devices.Count} names, warm | ms: median of {Rounds} (least to greatest) | times the PSTNN's, round by round: median (least to greatest) | target |");
            Console.WriteLine("| --- | --- | --- | --- |");
            for (var i = 0; i < systems.Count; i++)
            {
                var ratios = times[i].Zip(times[0], (his, ours) => his / ours).ToList();
                var target = i == 0 || i == systems.Count - 1 ? $"<= {MostMilliseconds} ms" : "> 1";
                Console.WriteLine($"| {systems[i].Name} | {Timing.Range(times[i], "0.0")} | {Timing.Range(ratios, "0.00")} | {target} |");
            }
        }
        finally
        {
            systems.ForEach(system => system.Release());
        }
    }

    /// <summary>What a user asks with the command identify: calibrated candidates, strip, comparison of spectra.</summary>
    private static (string Name, Action Identify, Action Release) Ready(Corpus corpus, Split split)
    {
        var options = new PhoneModelOptions();
        var cache = Directory.CreateTempSubdirectory("deviceid-benchmark-");
        var model = PhoneModel.Train(
            corpus.Part(split.Train.Recordings.Contains),
                options.WithTraining(training => training with { Epochs = 1, SamplesPerEpoch = 256 }), cache.FullName, CPU);
        cache.Delete(recursive: true);
        var path = split.Test.Recordings[0].Path;
        return ("a model of phones (probabilities, strip, likelihood ratios)", () => model.Identify(AudioFile.Read(path)), model.Dispose);
    }

    private static (string Name, Action Identify, Action Release) Ready(Variant variant, Split split)
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
