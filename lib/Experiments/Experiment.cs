using DeviceId.Corpora;

namespace DeviceId.Experiments;

/// <summary>A question. The variants that answer it stand in its notebook, in the cell tagged <c>variants</c>, and nowhere else.</summary>
/// <param name="Id">Number and name, as its notebook is called: <c>03-networks</c>.</param>
/// <param name="Title">For headings.</param>
/// <param name="Question">What is asked, in one sentence.</param>
/// <param name="PaperTable">The table of the paper, such as "Table 6"; null for questions of our own.</param>
/// <param name="Reference">Name that the variant the others are compared with has at full size; it is the first.</param>
internal sealed record Experiment(string Id, string Title, string Question, string? PaperTable, string Reference)
{
    /// <summary>The trials of one variant: every split of the profile, every seed.</summary>
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
