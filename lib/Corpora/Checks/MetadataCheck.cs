using MathNet.Numerics.Distributions;

namespace DeviceId.Corpora;

/// <summary>
/// Checks whether the devices can be distinguished by file metadata alone, such as the sampling rate. A network might learn that instead of
/// the sound.
/// </summary>
internal static class MetadataCheck
{
    /// <summary>Significance level: larger p-values are not reported.</summary>
    private const double Significance = 0.001;

    /// <summary>Minimum ratio of accuracy to chance for a warning.</summary>
    private const double MinAccuracyOverChance = 2;

    private static readonly (string Name, Func<Recording, double> Value)[] Properties =
        [("sampling rate", r => r.SampleRate), ("length", r => Math.Round(r.DurationSeconds, 3))];

    /// <summary>
    /// Returns warnings about a corpus; empty if there are none. For each property, the device of every recording is predicted by its
    /// nearest neighbours among the recordings of other sentences (all neighbours at the smallest distance count equally). The number of
    /// correct predictions is compared with that of always predicting the most frequent device (one-sided binomial test).
    /// </summary>
    public static IReadOnlyList<string> Warnings(Corpus corpus)
    {
        var sentences = corpus.Recordings.Select(r => r.Sentence).Distinct().Count();
        if (corpus.Devices.Count < 2 || sentences < 2)
            return [];
        var chance = corpus.Recordings.GroupBy(r => r.Device).Max(g => g.Count()) / (double)corpus.Recordings.Count;
        return [.. Properties.Select(property => Warning(corpus, property.Name, property.Value, chance)).OfType<string>()];
    }

    private static string? Warning(Corpus corpus, string name, Func<Recording, double> value, double chance)
    {
        var correct = CountCorrect(corpus, value);
        var accuracy = correct / corpus.Recordings.Count;
        // Neighbours of several devices make fractional counts; rounding down is conservative.
        var p = 1 - new Binomial(chance, corpus.Recordings.Count).CumulativeDistribution(Math.Floor(correct) - 1);
        if (p >= Significance || accuracy < MinAccuracyOverChance * chance)
            return null;
        return FormattableString.Invariant($"The {name} alone identifies the device of {100 * accuracy:0.0} % of the recordings ")
            + FormattableString.Invariant($"(chance: {100 * chance:0.0} %). A network may learn the {name} instead of the sound: ")
            + "make it equal for all devices, or interpret the results with care.";
    }

    /// <summary>
    /// Number of correct predictions. Recordings are grouped by value for speed: every notebook runs this check, and the whole CCNU-Mobile
    /// has 28,890 recordings.
    /// </summary>
    private static double CountCorrect(Corpus corpus, Func<Recording, double> value)
    {
        var groups = corpus.Recordings.GroupBy(value).OrderBy(g => g.Key)
            .Select(g => (Value: g.Key, Recordings: g.ToLookup(r => r.Sentence), Count: g.Count())).ToList();
        double correct = 0;
        for (var index = 0; index < groups.Count; index++)
        {
            foreach (var sentence in groups[index].Recordings)
            {
                // On each side, the nearest group with a recording of another sentence.
                bool HasOtherSentence(int i) => groups[i].Count > groups[i].Recordings[sentence.Key].Count();
                var (below, above) = (index, index);
                while (below >= 0 && !HasOtherSentence(below))
                    below--;
                while (above < groups.Count && !HasOtherSentence(above))
                    above++;
                var sides = new[] { below, above }.Distinct().Where(i => i >= 0 && i < groups.Count)
                    .Select(i => (Index: i, Distance: Math.Abs(groups[i].Value - groups[index].Value))).ToList();
                if (sides.Count == 0)
                    continue;
                var minDistance = sides.Min(s => s.Distance);
                var devices = sides.Where(s => s.Distance == minDistance)
                    .SelectMany(s => groups[s.Index].Recordings.Where(other => other.Key != sentence.Key).SelectMany(other => other))
                    .ToLookup(r => r.Device);
                double neighbours = devices.Sum(d => d.Count());
                correct += sentence.Sum(r => devices[r.Device].Count() / neighbours);
            }
        }

        return correct;
    }
}
