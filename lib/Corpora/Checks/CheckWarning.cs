namespace DeviceId.Corpora;

/// <summary>A problem that <see cref="RecordingCheck"/> found.</summary>
/// <param name="Kind">What such problems have in common, for "And 297 more: …": "devices with fewer than 3 recordings".</param>
/// <param name="Text">One or more sentences.</param>
internal sealed record CheckWarning(string Kind, string Text)
{
    private const int ShownOfAKind = 3;

    /// <summary>The texts; of more than three of a kind, the first three and the number of the others.</summary>
    public static IReadOnlyList<string> Shorten(IEnumerable<CheckWarning> warnings) =>
        [.. warnings.GroupBy(w => w.Kind).SelectMany(kind => kind.Count() <= ShownOfAKind + 1 ? kind.Select(w => w.Text)
            : kind.Take(ShownOfAKind).Select(w => w.Text).Append($"And {kind.Count() - ShownOfAKind} more {kind.Key}."))];
}
