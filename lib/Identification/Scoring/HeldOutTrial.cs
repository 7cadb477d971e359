using DeviceId.Corpora;
using DeviceId.Evaluation;

namespace DeviceId.Identification;

/// <summary>A recording asked of a <see cref="WccnCosineScorer"/> that has learnt nothing of it; the truth is known.</summary>
/// <param name="Recording">The questioned recording.</param>
/// <param name="Devices">The devices of the space.</param>
/// <param name="Similarities">How alike the recording and each of them are.</param>
/// <param name="Distance">How far it lies from the nearest of them (<see cref="WccnCosineScorer.Distance"/>).</param>
internal sealed record HeldOutTrial(Recording Recording, IReadOnlyList<string> Devices, IReadOnlyList<double> Similarities, double Distance)
{
    /// <summary>Whether one of the devices made it.</summary>
    public bool IsKnown => Devices.Contains(Recording.Device);

    /// <summary>The most alike device.</summary>
    public OpenSetAnswer Answer
    {
        get
        {
            var best = Enumerable.Range(0, Devices.Count).MaxBy(i => Similarities[i]);
            return new OpenSetAnswer(Similarities[best], IsKnown, Devices[best] == Recording.Device);
        }
    }

    /// <summary>
    /// The questions of a court: for a known recording whether it was its own device, for an unknown one whether it was each of the
    /// devices. A known recording is not asked about other devices, for the space has learnt from its own, as it never has from that of a
    /// questioned recording.
    /// </summary>
    public IEnumerable<VerificationTrial> Comparisons =>
        Devices.Zip(Similarities, (device, likeness) => new VerificationTrial(Recording.Device, Recording.Sentence, device, likeness))
        .Where(trial => trial.TrueDevice == trial.ClaimedDevice || !IsKnown);
}
