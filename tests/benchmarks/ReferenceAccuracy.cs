using System.Diagnostics;
using DeviceId.Corpora;
using DeviceId.Evaluation;
using DeviceId.Experiments;
using DeviceId.Training;
using static TorchSharp.torch;

namespace DeviceId.Benchmarks;

/// <summary>
/// Accuracy of the reference network on the public recordings, every fold, three seeds: what a change of random streams or arithmetic must
/// leave as it is.
/// </summary>
internal static class ReferenceAccuracy
{
    private static readonly long[] Seeds = [1, 2, 3];

    /// <summary>
    /// Prints a line a training, and the mean. The recordings lie in DEVICEID_DATA/ccnu-mobile, else in ../shared/ccnu-mobile.
    /// </summary>
    public static void Print(string folder)
    {
        var data = Path.Combine(Environment.GetEnvironmentVariable("DEVICEID_DATA") ?? "../shared", "ccnu-mobile");
        var corpus = CcnuMobile.Open(data);
        var settings = Profile.Standard.Settings;
        var pipeline = new Pipeline(Path.Combine(folder, "features"), CPU);
        var shares = new List<double>();
        foreach (var split in Profile.Standard.Splits(corpus))
        {
            using var samples = pipeline.Prepare(split.Train, settings.FrontEnd);
            foreach (var seed in Seeds)
            {
                var clock = Stopwatch.StartNew();
                using var system = pipeline.Train(samples, settings.Classifier, seed);
                var accuracy = Accuracy.Compute(system.Predict(split.Test).Deep);
                shares.Add(accuracy.Value);
                Console.WriteLine(FormattableString.Invariant(
                    $"{split.Name}, seed {seed}: segments {accuracy}, {clock.Elapsed.TotalSeconds:0} s"));
            }
        }

        Console.WriteLine(FormattableString.Invariant(
            $"mean of {shares.Count} trainings: {100 * shares.Average():0.00} % of segments, {100 * shares.Min():0.0} to {100 * shares.Max():0.0}"));
    }
}
