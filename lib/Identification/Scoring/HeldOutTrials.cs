using DeviceId.Corpora;
using DeviceId.Foundation;

namespace DeviceId.Identification;

/// <summary>Scores held-out recordings with scorers that were not trained on them, nor on the devices held out as unknown.</summary>
internal static class HeldOutTrials
{
    private const int DeviceGroups = 5;

    /// <summary>
    /// Holds out sentences and, within each of these folds, one fifth of the devices in turn as unknown. A scorer has never been trained on
    /// the sentence of a test recording and, if the recording counts as unknown, never on its device.
    /// </summary>
    /// <param name="folds">Splits of one corpus by sentence.</param>
    /// <param name="spectra">Mean log spectrum of every recording, by its path (<see cref="WccnCosineScorer.Spectrum"/>).</param>
    /// <param name="seed">Determines which devices are held out together.</param>
    /// <returns>
    /// Trials with each recording once as unknown and several times as known; empty if there are too few devices or recordings to hold some
    /// out.
    /// </returns>
    public static IReadOnlyList<HeldOutTrial> Run(IReadOnlyList<Split> folds, IReadOnlyDictionary<string, double[]> spectra, long seed)
    {
        var trials = new List<HeldOutTrial>();
        foreach (var fold in folds)
        {
            foreach (var unknown in Groups(fold.Train.Devices, seed))
            {
                var known = fold.Train.Devices.Except(unknown).ToList();
                var train = fold.Train.Recordings.Where(r => known.Contains(r.Device)).ToList();
                if (known.Count < WccnCosineScorer.MinDevices || train.Count == known.Count)
                    return [];
                var scorer = WccnCosineScorer.Fit([.. train.Select(r => spectra[r.Path])], [.. train.Select(r => known.IndexOf(r.Device))],
                    known.Count);
                trials.AddRange(fold.Test.Recordings.Select(r =>
                    new HeldOutTrial(r, known, scorer.Similarities(spectra[r.Path]), scorer.Distance(spectra[r.Path]))));
            }
        }

        return trials;
    }

    /// <summary>Divides devices at random into five groups, or fewer if there are fewer devices.</summary>
    /// <param name="devices">Names of the devices.</param>
    /// <param name="seed">Determines the groups.</param>
    public static IReadOnlyList<IReadOnlyList<string>> Groups(IReadOnlyList<string> devices, long seed)
    {
        var random = new SplitMix64((ulong)Seeds.Derive(seed, "unknown devices"));
        var order = devices.ToArray();
        for (var i = order.Length - 1; i > 0; i--)
        {
            var j = random.Below(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        var groups = Math.Min(DeviceGroups, order.Length);
        return [.. Enumerable.Range(0, groups).Select(g => (IReadOnlyList<string>)[.. order.Where((_, i) => i % groups == g)])];
    }
}
