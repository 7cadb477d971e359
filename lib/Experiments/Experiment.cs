using DeviceId.Corpora;

namespace DeviceId.Experiments;

/// <summary>An experiment. Its variants are defined only in its notebook, in the cell tagged <c>variants</c>.</summary>
/// <param name="Id">Number and name, also the name of its notebook: <c>03-networks</c>.</param>
/// <param name="Title">Title, for headings.</param>
/// <param name="Question">The research question, in one sentence.</param>
/// <param name="PaperTable">The table of the paper, such as "Table 6"; null for our own experiments.</param>
/// <param name="Reference">Name of the reference variant at full size: the first variant, which the others are compared with.</param>
internal sealed record Experiment(string Id, string Title, string Question, string? PaperTable, string Reference)
{
    /// <summary>
    /// Whether many systems are explored: all are run on a few splits and the best on all (<see cref="Screening"/>), and tables have no
    /// p-values.
    /// </summary>
    public bool IsExploratory { get; init; }

    /// <summary>The trials of one variant: every split of the profile with every seed.</summary>
    /// <param name="variant">The variant.</param>
    /// <param name="profile">Sizes, splits and seeds.</param>
    /// <param name="corpus">The recordings.</param>
    public static IReadOnlyList<Trial> Trials(Variant variant, Profile profile, Corpus corpus) =>
    [
        .. from split in profile.Splits(corpus)
           from seed in profile.Seeds
           select new Trial(variant.Settings, corpus.Fingerprint, split.Name, seed),
    ];
}
