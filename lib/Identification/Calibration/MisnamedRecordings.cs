using DeviceId.Corpora;
using DeviceId.Evaluation;

namespace DeviceId.Identification;

/// <summary>Lists held-out recordings that were named wrongly: swapped labels show there.</summary>
internal static class MisnamedRecordings
{
    private const double MinProbability = 1e-6;
    private const int ShownRecordings = 10;

    /// <summary>The recordings with the wrong name that they were given, in the order of the predictions.</summary>
    /// <param name="heldOut">Probabilities for segments of recordings that their network was not trained on.</param>
    public static IReadOnlyList<(Recording Recording, string Named)> Find(Predictions heldOut) =>
        [.. Enumerable.Range(0, heldOut.Count).GroupBy(i => heldOut.RecordingOf[i])
            .Select(group => (Recording: heldOut.Recordings[group.Key], Named: heldOut.Devices[Named(heldOut, [.. group])]))
            .Where(pair => pair.Named != pair.Recording.Device)];

    /// <summary>Sentences for the user: a heading and one line per recording, at most ten; none if all were named rightly.</summary>
    /// <param name="heldOut">As in <see cref="Find"/>.</param>
    public static IEnumerable<string> Describe(Predictions heldOut)
    {
        var misnamed = Find(heldOut);
        if (misnamed.Count == 0)
            yield break;
        yield return "Held-out recordings that were misnamed (a recording under the wrong device shows here):";
        foreach (var (recording, named) in misnamed.Take(ShownRecordings))
            yield return $"  {recording.Path}: recorded by {recording.Device}, named {named}";
        if (misnamed.Count > ShownRecordings)
            yield return $"  and {misnamed.Count - ShownRecordings} more";
    }

    private static int Named(Predictions heldOut, int[] segments)
    {
        var sums = Enumerable.Range(0, heldOut.Devices.Count)
            .Select(d => segments.Sum(i => Math.Log(Math.Max(heldOut.Scores[i][d], MinProbability)))).ToArray();
        return Array.IndexOf(sums, sums.Max());
    }
}
