using DeviceId.Corpora;

namespace DeviceId.Experiments;

/// <summary>A question, and the variants that answer it.</summary>
/// <param name="Id">Number and name, as its notebook is called: <c>03-networks</c>.</param>
/// <param name="Title">For headings.</param>
/// <param name="Question">What is asked, in one sentence.</param>
/// <param name="PaperTable">The table of the paper, such as "Table 6"; null for questions of our own.</param>
/// <param name="Reference">Name of the variant that the others are compared with; it is the first.</param>
/// <param name="Vary">The variants, from the settings that all experiments share.</param>
public sealed record Experiment(string Id, string Title, string Question, string? PaperTable, string Reference, Func<TrialSettings, IReadOnlyList<Variant>> Vary)
{
    /// <summary>The variants at a profile's size.</summary>
    /// <param name="profile">Sizes and settings.</param>
    /// <param name="devices">Classes of the corpus.</param>
    public IReadOnlyList<Variant> Variants(Profile profile, int devices) =>
        [.. Vary(profile.Settings(devices)).Where(variant => profile.RunsHeavy || !variant.IsHeavy)];

    /// <summary>The trials of one variant: every split of the profile, every seed.</summary>
    public static IReadOnlyList<Trial> Trials(Variant variant, Profile profile, Corpus corpus) =>
        [.. from split in profile.Splits(corpus) from seed in profile.Seeds select new Trial(variant.Settings, corpus.Fingerprint, split.Name, seed)];
}
