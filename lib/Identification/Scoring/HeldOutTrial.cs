using DeviceId.Corpora;
using DeviceId.Evaluation;

namespace DeviceId.Identification;

/// <summary>A held-out recording scored by a <see cref="WccnCosineScorer"/> that was not trained on it; its device is known.</summary>
/// <param name="Recording">The held-out recording.</param>
/// <param name="Devices">The scorer's devices.</param>
/// <param name="Similarities">Similarity scores (device).</param>
/// <param name="Distance">Distance from the nearest device (<see cref="WccnCosineScorer.Distance"/>).</param>
internal sealed record HeldOutTrial(Recording Recording, IReadOnlyList<string> Devices, IReadOnlyList<double> Similarities, double Distance)
{
    /// <summary>Whether one of the scorer's devices made the recording.</summary>
    public bool IsKnown => Devices.Contains(Recording.Device);

    /// <summary>Open-set answer: the most similar device.</summary>
    public OpenSetAnswer Answer
    {
        get
        {
            var best = Enumerable.Range(0, Devices.Count).MaxBy(i => Similarities[i]);
            return new OpenSetAnswer(Similarities[best], IsKnown, Devices[best] == Recording.Device);
        }
    }

    /// <summary>
    /// Verification trials: a known recording against its own device (same source), an unknown one against every device (different
    /// source). A known recording is not compared with other devices: the scorer was trained on its device, which is never the case in a
    /// real different-source comparison.
    /// </summary>
    public IEnumerable<VerificationTrial> Comparisons => Devices
        .Zip(Similarities, (device, similarity) => new VerificationTrial(Recording.Device, Recording.Sentence, device, similarity))
        .Where(trial => trial.TrueDevice == trial.ClaimedDevice || !IsKnown);
}
