using System.Diagnostics;
using DeviceId.Corpora;
using DeviceId.Data;
using DeviceId.Evaluation;
using DeviceId.Experiments;
using DeviceId.Features;
using DeviceId.Models;
using DeviceId.Training;
using static TorchSharp.torch;

namespace DeviceId.Benchmarks;

/// <summary>Accuracy of the reference network on the public recordings, every fold, three seeds: what a change of random streams or arithmetic must leave as it is.</summary>
internal static class ReferenceAccuracy
{
    private static readonly long[] s_seeds = [1, 2, 3];

    /// <summary>Prints a line a training, and the mean. The recordings lie in DEVICEID_DATA/ccnu-mobile, else in ../shared/ccnu-mobile.</summary>
    public static void Print(string folder)
    {
        var data = Path.Combine(Environment.GetEnvironmentVariable("DEVICEID_DATA") ?? "../shared", "ccnu-mobile");
        var corpus = CcnuMobile.Open(data);
        var settings = Profile.Standard.Settings(corpus.Devices.Count);
        var shares = new List<double>();
        foreach (var split in Profile.Standard.Splits(corpus))
        {
            var (frontEnd, train) = FrontEnd.Fit(split.Train, settings.FrontEnd, new FeatureStore(Path.Combine(folder, "features"), settings.FrontEnd.Features(CPU)), CPU);
            using (frontEnd)
            using (train)
            using (var test = frontEnd.Transform(split.Test))
            {
                foreach (var seed in s_seeds)
                {
                    var clock = Stopwatch.StartNew();
                    using var network = Pstnn.Create(settings.Network!, seed);
                    new Trainer(network, settings.Training! with { Seed = seed }, CPU).Fit(train);
                    var accuracy = Accuracy.Of(Evaluator.Evaluate(network, test, CPU).Deep!);
                    shares.Add(accuracy.Value);
                    Console.WriteLine(FormattableString.Invariant($"{split.Name}, seed {seed}: segments {accuracy}, {clock.Elapsed.TotalSeconds:0} s"));
                }
            }
        }

        Console.WriteLine(FormattableString.Invariant($"mean of {shares.Count} trainings: {100 * shares.Average():0.00} % of segments, {100 * shares.Min():0.0} to {100 * shares.Max():0.0}"));
    }
}
