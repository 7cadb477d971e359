namespace DeviceId.Corpora;

/// <summary>Finds recordings that hold the same sound: the same file, the same decoded samples, or a copy through a lossy codec.</summary>
/// <remarks>
/// Pairs with nearly equal durations and a similar course of the level are correlated (<see cref="AlignedCorrelation"/>); few pairs that
/// are not copies get that far, although a sentence may be recorded by all devices at once.
/// </remarks>
internal static class CopyFinder
{
    /// <summary>Largest difference of duration (s): encoders add silence at both ends.</summary>
    private const double MaxSecondsApart = 0.2;

    /// <summary>Copies through MP3, AAC or Opus reach 0.97 and more; other phones' recordings of the same moment are far below.</summary>
    private const double MinCorrelation = 0.95;

    /// <summary>Finds all groups of copies, in the order of their first recordings.</summary>
    /// <param name="recordings">The recordings.</param>
    /// <param name="measures">Their measures, in the same order.</param>
    public static IReadOnlyList<CopyGroup> Find(IReadOnlyList<Recording> recordings, IReadOnlyList<RecordingMeasures> measures)
    {
        List<CopyGroup> groups =
        [
            .. Equal(recordings, i => recordings[i].Hash, "file"),
            .. Equal(recordings, i => measures[i].SampleHash, "sound (sample for sample)"),
        ];
        groups = [.. groups.DistinctBy(group => string.Join('\n', group.Recordings.Select(r => r.Path)))];
        groups.AddRange(Aligned(recordings, measures));
        return groups;
    }

    private static IEnumerable<CopyGroup> Equal(IReadOnlyList<Recording> recordings, Func<int, string> key, string same) =>
        Enumerable.Range(0, recordings.Count).GroupBy(key).Where(group => group.Count() > 1)
            .Select(group => new CopyGroup(same, [.. group.Select(i => recordings[i])]));

    private static IEnumerable<CopyGroup> Aligned(IReadOnlyList<Recording> recordings, IReadOnlyList<RecordingMeasures> measures)
    {
        var sorted = Enumerable.Range(0, recordings.Count).DistinctBy(i => measures[i].SampleHash)
            .OrderBy(i => measures[i].Seconds).ThenBy(i => i).ToList();
        var correlation = new AlignedCorrelation();
        for (var a = 0; a < sorted.Count; a++)
        {
            for (var b = a + 1; b < sorted.Count && measures[sorted[b]].Seconds - measures[sorted[a]].Seconds <= MaxSecondsApart; b++)
            {
                var (first, second) = (Math.Min(sorted[a], sorted[b]), Math.Max(sorted[a], sorted[b]));
                if (!measures[first].Envelope.Resembles(measures[second].Envelope))
                    continue;
                var value = correlation.Of(recordings[first].Path, recordings[second].Path);
                if (value >= MinCorrelation)
                    yield return new CopyGroup(FormattableString.Invariant($"sound (aligned, they correlate with {value:0.000})"),
                        [recordings[first], recordings[second]]);
            }
        }
    }
}

/// <summary>Recordings that hold the same sound.</summary>
/// <param name="Same">What is the same, for a message: "file".</param>
/// <param name="Recordings">At least two recordings.</param>
internal sealed record CopyGroup(string Same, IReadOnlyList<Recording> Recordings)
{
    /// <summary>The devices under which the copies are.</summary>
    public IReadOnlyList<string> Devices => [.. Recordings.Select(r => r.Device).Distinct()];
}
