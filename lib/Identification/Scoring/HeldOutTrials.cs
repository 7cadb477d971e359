using DeviceId.Corpora;
using DeviceId.Foundation;

namespace DeviceId.Identification;

/// <summary>Asks spaces of devices about recordings and devices that they have not learnt from.</summary>
internal static class HeldOutTrials
{
    private const int DeviceGroups = 5;

    /// <summary>
    /// Sentences are held out, and within each of these folds devices in turn, a fifth at a time, whose recordings are those of unknown
    /// devices: of a questioned recording neither its words nor, where it counts as unknown, anything of its device has been learnt.
    /// </summary>
    /// <param name="folds">Splits of one corpus by sentence.</param>
    /// <param name="spectra">Of every recording, by its path (<see cref="WccnCosineScorer.Spectrum"/>).</param>
    /// <param name="seed">Decides which devices are held out together.</param>
    /// <returns>
    /// Each recording once as unknown and several times as known; empty where there are too few devices, or recordings of them, to hold
    /// some out.
    /// </returns>
    public static IReadOnlyList<HeldOutTrial> Run(IReadOnlyList<Split> folds, IReadOnlyDictionary<string, double[]> spectra, long seed)
    {
        var questions = new List<HeldOutTrial>();
        foreach (var fold in folds)
        {
            foreach (var unknown in Groups(fold.Train.Devices, seed))
            {
                var known = fold.Train.Devices.Except(unknown).ToList();
                var train = fold.Train.Recordings.Where(r => known.Contains(r.Device)).ToList();
                if (known.Count < WccnCosineScorer.MinDevices || train.Count == known.Count)
                    return [];
                var space = WccnCosineScorer.Fit([.. train.Select(r => spectra[r.Path])], [.. train.Select(r => known.IndexOf(r.Device))],
                    known.Count);
                questions.AddRange(fold.Test.Recordings.Select(r =>
                    new HeldOutTrial(r, known, space.Similarities(spectra[r.Path]), space.Distance(spectra[r.Path]))));
            }
        }

        return questions;
    }

    /// <summary>Devices dealt into five groups, or as many as there are devices.</summary>
    /// <param name="devices">Their names.</param>
    /// <param name="seed">Decides which come together.</param>
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
