using System.Globalization;
using MathNet.Numerics.Distributions;

namespace DeviceId.Corpora;

/// <summary>Asks whether devices could be told apart without listening: by what a file's header says. A network might learn that instead of the sound.</summary>
public static class ContainerFacts
{
    /// <summary>A fact that chance explains less often than this is reported.</summary>
    private const double Significance = 0.001;

    /// <summary>A fact must also name devices this many times as often as guessing does.</summary>
    private const double Notable = 2;

    private static readonly (string Name, Func<Recording, double> Value)[] Facts =
        [("sampling rate", r => r.SampleRate), ("length", r => Math.Round(r.DurationSeconds, 3))];

    /// <summary>
    /// What speaks against a corpus, in sentences; empty where nothing does. Each recording's device is guessed from the recordings of the other
    /// sentences that come closest in one fact (all of those equally close share the guess), and the right guesses are compared with those of
    /// always naming the commonest device (binomial, one-sided).
    /// </summary>
    public static IReadOnlyList<string> Warnings(Corpus corpus)
    {
        var sentences = corpus.Recordings.Select(r => r.Sentence).Distinct().Count();
        if (corpus.Devices.Count < 2 || sentences < 2)
            return [];
        var chance = corpus.Recordings.GroupBy(r => r.Device).Max(g => g.Count()) / (double)corpus.Recordings.Count;
        return [.. Facts.Select(fact => Warning(corpus, fact.Name, fact.Value, chance)).OfType<string>()];
    }

    private static string? Warning(Corpus corpus, string name, Func<Recording, double> value, double chance)
    {
        var right = corpus.Recordings.Sum(recording => Guess(corpus, recording, value));
        var share = right / corpus.Recordings.Count;
        // A guess that several devices share counts in part; whole ones are counted, downwards.
        var p = 1 - new Binomial(chance, corpus.Recordings.Count).CumulativeDistribution(Math.Floor(right) - 1);
        return p >= Significance || share < Notable * chance ? null : string.Create(CultureInfo.InvariantCulture,
            $"The {name} alone names the device of {100 * share:0.0} % of the recordings, by those of other sentences (guessing: {100 * chance:0.0} %). What a network learns here may be the {name}, not the sound: make it equal for all devices, or keep it in mind.");
    }

    /// <summary>The share of the closest recordings that are of the right device.</summary>
    private static double Guess(Corpus corpus, Recording recording, Func<Recording, double> value)
    {
        var others = corpus.Recordings.Where(r => r.Sentence != recording.Sentence).Select(r => (r.Device, Distance: Math.Abs(value(r) - value(recording)))).ToList();
        if (others.Count == 0)
            return 0;
        var least = others.Min(o => o.Distance);
        var closest = others.Where(o => o.Distance == least).ToList();
        return closest.Count(o => o.Device == recording.Device) / (double)closest.Count;
    }
}
