using DeviceId.Experiments;
using DeviceId.Reporting;
using DeviceId.Tests.Notebooks;
using static DeviceId.Tests.Reporting.Article.Digests;

namespace DeviceId.Tests.Reporting.Article;

/// <summary>The largest findings: chosen by the rule, and never the same sentence after the results have changed.</summary>
public sealed class LargestFindingsTests
{
    private static readonly ExperimentDigest[] Five =
        [Experiment("one", -10), Experiment("two", 30), Experiment("three", -5), Experiment("four", -20), Experiment("five", -60, p: 0.2)];

    [Fact]
    public void TheThreeLargestSignificantDifferencesAreToldTheLargestFirst()
    {
        var findings = new LargestFindings(Five).Sentences;
        Assert.Equal(3, findings.Count);
        Assert.StartsWith(
            "two: two variant identifies more of the segments correctly than two reference, 120.0 % against 90.0 % (95 % interval",
            findings[0], StringComparison.Ordinal);
        Assert.StartsWith("four: four variant identifies fewer of the segments", findings[1], StringComparison.Ordinal);
        Assert.StartsWith("one: one variant identifies fewer of the segments", findings[2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void AnAlteredResultChangesOrDropsItsSentence(int altered)
    {
        var before = Assert.Single(new LargestFindings(Five).Sentences, s => s.StartsWith(Five[altered].Title, StringComparison.Ordinal));
        IReadOnlyList<string> Altered(double difference, double p = 1e-6) => new LargestFindings(
            [.. Five.Select((experiment, i) => i == altered ? Experiment(experiment.Title, difference, p) : experiment)]).Sentences;
        Assert.DoesNotContain(before, Altered(difference: 45));
        Assert.Contains(Altered(difference: 45), s => s.StartsWith(Five[altered].Title, StringComparison.Ordinal));
        // Not significant, or too small: the fourth largest takes its place.
        foreach (var others in new[] { Altered(difference: 25, p: 0.5), Altered(difference: 1), Altered(difference: -4) })
        {
            Assert.DoesNotContain(others, s => s.StartsWith(Five[altered].Title, StringComparison.Ordinal));
            Assert.Contains(others, s => s.StartsWith("three: ", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void FewerThanThreeFindingsAreNotFilledUp()
    {
        Assert.Single(new LargestFindings([Five[0], Five[4]]).Sentences);
        Assert.Empty(new LargestFindings([Experiment("none", 0)]).Sentences);
        Assert.Empty(new LargestFindings([]).Sentences);
    }

    [Fact]
    public void TheSameTrialsInTwoExperimentsAreOneFinding()
    {
        var again = Five[1] with { Id = "again", Title = "again" };
        Assert.Single(new LargestFindings([Five[1], again]).Sentences);
    }

    [Fact]
    public void TheSentenceSaysWhatThePaperSaysOfThePair()
    {
        string Sentence(ExperimentDigest experiment) => Assert.Single(new LargestFindings([experiment]).Sentences);
        var claim = Claim("one variant", "one reference", -66, VerdictKind.ConfirmedInDirection, "66 points above");
        Assert.EndsWith("The paper says: 66 points above (confirmed in direction, not in size).",
            Sentence(Experiment("one", -10, 1e-6, claim)), StringComparison.Ordinal);
        Assert.EndsWith("The paper states nothing about these two.", Sentence(Five[0]), StringComparison.Ordinal);
        Assert.EndsWith("The paper did not vary this.", Sentence(Five[0] with { PaperTable = null }), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void EveryFindingOfTheStoredResultsDisappearsWhenItsVariantAnswersAsTheReference()
    {
        var results = new StoredExperiments(new TrialStore(Path.Combine(TestPaths.Root, "data", "results")).All(), Profile.Standard,
            NotebookVariants.Function).All();
        var digests = results.Select(result => ExperimentDigest.Create(result, [], "standard")).ToList();
        var findings = new LargestFindings(digests).Sentences;
        Assert.Equal(LargestFindings.MaxCount, findings.Count);
        foreach (var sentence in findings)
        {
            var changed = results.Single(result => sentence.StartsWith(result.Experiment.Title + ":", StringComparison.Ordinal));
            var reference = changed.Reference;
            var equal = changed with
            {
                Variants = [.. changed.Variants.Select(row =>
                    new VariantResult(row.Variant with { Output = reference.Variant.Output }, reference.Trials))],
            };
            var altered = digests.Select(digest =>
                digest.Id == changed.Experiment.Id ? ExperimentDigest.Create(equal, [], "standard") : digest).ToList();
            Assert.DoesNotContain(sentence, new LargestFindings(altered).Sentences);
        }
    }
}
