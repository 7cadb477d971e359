using MathNet.Numerics.Distributions;

namespace DeviceId.Corpora;

/// <summary>
/// Names the device of each recording by file facts alone, from the recordings of other sentences: what a model could learn without the
/// microphone.
/// </summary>
/// <remarks>
/// Nearest mean with standardised facts. Each sentence is held out in turn. In the other recordings, each fact is divided by its standard
/// deviation within devices (pooled over devices, and at least <see cref="MinSpread"/> of that over all), so that a fact counts as much as
/// it separates devices; each value of a word is one fact, 0 or 1. The device is the one with the smallest sum of squared differences from
/// its mean, each at most <see cref="MaxSquare"/>, so that one outlier does not decide; of equal devices, each counts for its part, as in
/// <see cref="MetadataCheck"/>. There is no randomness.
/// </remarks>
internal sealed class FileFactsClassifier
{
    private const double MinSpread = 0.05;
    private const double MaxSquare = 25;

    private readonly IReadOnlyList<Recording> _recordings;
    private readonly List<Column> _columns;

    /// <summary>Creates a classifier for the recordings of a corpus.</summary>
    /// <param name="recordings">The recordings.</param>
    /// <param name="facts">Their facts, in the same order.</param>
    public FileFactsClassifier(IReadOnlyList<Recording> recordings, IReadOnlyList<FileFacts> facts)
    {
        _recordings = recordings;
        _columns =
        [
            .. FileFacts.NumberNames.Select((name, i) => new Column(name, [.. facts.Select(f => f.Numbers[i])])),
            .. FileFacts.WordNames.SelectMany((name, i) => facts.Select(f => f.Words[i]).Distinct().Order(StringComparer.Ordinal)
                .Select(word => new Column(name, [.. facts.Select(f => f.Words[i] == word ? 1.0 : 0)]))),
        ];
    }

    /// <summary>Whether there is something to hold out and something to confuse: two devices and two sentences.</summary>
    public bool CanTest => _recordings.Select(r => r.Device).Distinct().Skip(1).Any()
        && _recordings.Select(r => r.Sentence).Distinct().Skip(1).Any();

    /// <summary>Names the device of every recording by all facts together.</summary>
    /// <returns>
    /// For each recording the devices at the smallest distance, usually one; none if the other sentences have no recording.
    /// </returns>
    public IReadOnlyList<FactsPrediction> Predict() => Predict(_columns);

    /// <summary>How many recordings are named rightly by all facts together.</summary>
    public FactsStrength Together() => Strength("all file facts together", Predict());

    /// <summary>How many recordings are named rightly by each fact alone, the strongest first.</summary>
    public IReadOnlyList<FactsStrength> Alone() =>
        [.. _columns.GroupBy(c => c.Name).Select(g => Strength(g.Key, Predict([.. g]))).OrderByDescending(s => s.Right)];

    private FactsStrength Strength(string name, IReadOnlyList<FactsPrediction> predictions)
    {
        var right = predictions.Sum(p => p.Share);
        var chance = _recordings.GroupBy(r => r.Device).Max(g => g.Count()) / (double)_recordings.Count;
        // Rounding down is conservative.
        var p = 1 - new Binomial(chance, _recordings.Count).CumulativeDistribution(Math.Floor(right) - 1);
        return new FactsStrength(name, right, _recordings.Count, chance, Math.Clamp(p, 0, 1));
    }

    private List<FactsPrediction> Predict(IReadOnlyList<Column> columns)
    {
        var devices = _recordings.Select(r => r.Device).Distinct().Order(StringComparer.Ordinal).ToList();
        var labels = _recordings.Select(r => devices.IndexOf(r.Device)).ToArray();
        var predictions = new FactsPrediction[_recordings.Count];
        foreach (var sentence in Enumerable.Range(0, _recordings.Count).GroupBy(i => _recordings[i].Sentence))
        {
            var held = sentence.ToHashSet();
            var train = Enumerable.Range(0, _recordings.Count).Where(i => !held.Contains(i)).ToList();
            var fitted = columns.Select(column => Fitted.Fit(column.Values, train, labels, devices.Count)).ToList();
            foreach (var i in held)
                predictions[i] = new FactsPrediction(_recordings[i], Nearest(i, columns, fitted, devices));
        }

        return [.. predictions];
    }

    private static List<string> Nearest(int recording, IReadOnlyList<Column> columns, List<Fitted> fitted, List<string> devices)
    {
        var distances = new double[devices.Count];
        for (var c = 0; c < columns.Count; c++)
            for (var d = 0; d < devices.Count; d++)
                distances[d] += fitted[c].Distance(columns[c].Values[recording], d);
        var smallest = distances.Min();
        // Differences of rounding do not separate devices.
        return double.IsFinite(smallest) ? [.. devices.Where((_, d) => distances[d] <= smallest + 1e-9)] : [];
    }

    private sealed record Column(string Name, double[] Values);

    /// <summary>Means of the devices and the standard deviation within devices of one fact.</summary>
    private sealed record Fitted(double[] Means, double Spread)
    {
        public static Fitted Fit(double[] values, List<int> train, int[] labels, int devices)
        {
            var (sums, counts) = (new double[devices], new int[devices]);
            foreach (var i in train)
                (sums[labels[i]], counts[labels[i]]) = (sums[labels[i]] + values[i], counts[labels[i]] + 1);
            // A device without training recordings cannot be named.
            var means = sums.Zip(counts, (sum, count) => count == 0 ? double.PositiveInfinity : sum / count).ToArray();
            if (train.Count == 0)
                return new Fitted(means, 1);
            var mean = train.Average(i => values[i]);
            var total = train.Average(i => Square(values[i] - mean));
            var within = train.Sum(i => Square(values[i] - means[labels[i]])) / Math.Max(1, train.Count - counts.Count(c => c > 0));
            return new Fitted(means, Math.Sqrt(Math.Max(within, MinSpread * MinSpread * total)));
        }

        public double Distance(double value, int device)
        {
            var difference = value - Means[device];
            return !double.IsFinite(difference) ? double.PositiveInfinity : Spread == 0 ? difference == 0 ? 0 : MaxSquare
                : Math.Min(MaxSquare, Square(difference / Spread));
        }

        private static double Square(double x) => x * x;
    }
}

/// <summary>The devices that file facts name for one recording whose sentence was held out.</summary>
/// <param name="Recording">The recording, with its true device.</param>
/// <param name="Devices">The named device; several if they are equally near; none if nothing else was recorded.</param>
internal sealed record FactsPrediction(Recording Recording, IReadOnlyList<string> Devices)
{
    /// <summary>1 if the true device alone is named, its part if several are named, 0 otherwise.</summary>
    public double Share => Devices.Contains(Recording.Device) ? 1.0 / Devices.Count : 0;
}

/// <summary>How well file facts alone name the device.</summary>
/// <param name="Name">The fact.</param>
/// <param name="Right">Recordings named rightly; equal devices count in part.</param>
/// <param name="Count">Number of recordings.</param>
/// <param name="Chance">Probability of being right by always naming the most frequent device.</param>
/// <param name="P">Probability of as many right answers by chance (one-sided binomial test).</param>
internal sealed record FactsStrength(string Name, double Right, int Count, double Chance, double P)
{
    /// <summary>Share of recordings named rightly, in [0, 1].</summary>
    public double Accuracy => Right / Count;
}
