using System.Diagnostics;
using System.Globalization;
using DeviceId.Corpora;
using DeviceId.Evaluation;
using DeviceId.Experiments;
using DeviceId.Training;
using static TorchSharp.torch;

namespace DeviceId.Benchmarks;

/// <summary>
/// Accuracy of the reference network on the public recordings, for every fold and three seeds. A change of random streams or arithmetic
/// must not change it.
/// </summary>
internal static class ReferenceAccuracy
{
    private static readonly long[] Seeds = [1, 2, 3];

    /// <summary>
    /// Prints a line for each training, and the mean. The recordings are read from DEVICEID_DATA/ccnu-mobile, by default from
    /// ../shared/ccnu-mobile.
    /// </summary>
    public static void Print(string folder)
    {
        var data = Path.Combine(Environment.GetEnvironmentVariable("DEVICEID_DATA") ?? "../shared", "ccnu-mobile");
        var corpus = CcnuMobile.Open(data);
        var settings = Profile.Standard.Settings;
        var pipeline = new Pipeline(Path.Combine(folder, "features"), CPU);
        var accuracies = new List<double>();
        foreach (var split in Profile.Standard.Splits(corpus))
        {
            using var samples = pipeline.Prepare(split.Train, settings.FrontEnd);
            foreach (var seed in Seeds)
            {
                var clock = Stopwatch.StartNew();
                using var system = pipeline.Train(samples, settings.Classifier, seed);
                var accuracy = Accuracy.Compute(system.Predict(split.Test).Deep);
                accuracies.Add(accuracy.Value);
                Console.WriteLine(FormattableString.Invariant(
                    $"{split.Name}, seed {seed}: segments {accuracy}, {clock.Elapsed.TotalSeconds:0} s"));
            }
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"mean of {accuracies.Count} trainings: {100 * accuracies.Average():0.00} % of segments "
                + $"({100 * accuracies.Min():0.0} to {100 * accuracies.Max():0.0})"));
    }
}
