using System.Globalization;
using MathNet.Numerics.Distributions;

namespace DeviceId.Corpora;

/// <summary>
/// Asks whether devices could be told apart without listening: by what a file's header says. A network might learn that instead of the
/// sound.
/// </summary>
internal static class ContainerFacts
{
    /// <summary>A fact that chance explains less often than this is reported.</summary>
    private const double Significance = 0.001;

    /// <summary>A fact must also name devices this many times as often as guessing does.</summary>
    private const double Notable = 2;

    private static readonly (string Name, Func<Recording, double> Value)[] Facts =
        [("sampling rate", r => r.SampleRate), ("length", r => Math.Round(r.DurationSeconds, 3))];

    /// <summary>
    /// What speaks against a corpus, in sentences; empty where nothing does. Each recording's device is guessed from the recordings of the
    /// other sentences that come closest in one fact (all of those equally close share the guess), and the right guesses are compared with
    /// those of always naming the commonest device (binomial, one-sided).
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
        var right = Guesses(corpus, value);
        var share = right / corpus.Recordings.Count;
        // A guess that several devices share counts in part; whole ones are counted, downwards.
        var p = 1 - new Binomial(chance, corpus.Recordings.Count).CumulativeDistribution(Math.Floor(right) - 1);
        return p >= Significance || share < Notable * chance ? null : string.Create(CultureInfo.InvariantCulture,
            $"The {name} alone names the device of {100 * share:0.0} % of the recordings, by those of other sentences (guessing: {100 * chance:0.0} %). What a network learns here may be the {name}, not the sound: make it equal for all devices, or keep it in mind.");
    }

    /// <summary>
    /// How many recordings are guessed right. By groups of equal value: every notebook asks this of every corpus, and the full one has
    /// 28,890 recordings.
    /// </summary>
    private static double Guesses(Corpus corpus, Func<Recording, double> value)
    {
        var groups = corpus.Recordings.GroupBy(value).OrderBy(g => g.Key)
            .Select(g => (Value: g.Key, Recordings: g.ToLookup(r => r.Sentence), Count: g.Count())).ToList();
        double right = 0;
        for (var at = 0; at < groups.Count; at++)
        {
            foreach (var sentence in groups[at].Recordings)
            {
                // Outwards to the first groups with a recording of another sentence, one on either side.
                bool Has(int i) => groups[i].Count > groups[i].Recordings[sentence.Key].Count();
                var (below, above) = (at, at);
                while (below >= 0 && !Has(below))
                    below--;
                while (above < groups.Count && !Has(above))
                    above++;
                var sides = new[] { below, above }.Distinct().Where(i => i >= 0 && i < groups.Count)
                    .Select(i => (Index: i, Distance: Math.Abs(groups[i].Value - groups[at].Value))).ToList();
                if (sides.Count == 0)
                    continue;
                var least = sides.Min(s => s.Distance);
                var devices = sides.Where(s => s.Distance == least)
                    .SelectMany(s => groups[s.Index].Recordings.Where(other => other.Key != sentence.Key).SelectMany(other => other))
                        .ToLookup(r => r.Device);
                double closest = devices.Sum(d => d.Count());
                right += sentence.Sum(r => devices[r.Device].Count() / closest);
            }
        }

        return right;
    }
}
