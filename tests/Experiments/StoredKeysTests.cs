using DeviceId.Corpora;
using DeviceId.Experiments;
using DeviceId.Foundation;
using DeviceId.Identification;
using static TorchSharp.torch;

namespace DeviceId.Tests.Experiments;

/// <summary>
/// The committed results are found by the keys that the current code computes from their settings: a property that is carelessly renamed or
/// added would invalidate hours of training.
/// </summary>
public sealed class StoredKeysTests
{
    private static readonly string Results = Path.Combine(TestPaths.Root, "data", "results");

    [Fact]
    public void EveryCommittedResultIsFoundUnderTheKeyOfItsSettings()
    {
        var store = new TrialStore(Results);
        var stored = store.All();
        Assert.Empty(store.Damaged);
        Assert.Equal(File.ReadAllLines(TestPaths.Golden("committed-results.txt")), stored.Select(result => result.Key));
        Assert.All(stored, result => Assert.Equal(result.Trial.Key, result.Key));
        Assert.All(stored, result => Assert.NotNull(store.Find(result.Trial)));
    }

    /// <summary>A result that is read and written again is the same text: no property is lost or added.</summary>
    [Fact]
    public void EveryCommittedResultIsWrittenAsItWasRead()
    {
        var files = Directory.GetFiles(Results, "*.json");
        Assert.NotEmpty(files);
        Assert.All(files, file =>
        {
            var text = File.ReadAllText(file);
            Assert.Equal(text, Json.WriteCompact(Json.Read<TrialResult>(text)) + "\n");
        });
    }

    [Fact]
    public void TheCommittedStudiesAreFoundByTheCorpusAndProfileThatTheyWereMadeWith()
    {
        var corpus = CcnuMobile.Open(TestPaths.RealData("ccnu-mobile"));
        var (profile, options) = (Profile.Standard, PhoneModelOptions.Sized(Profile.Standard));
        using var empty = new TemporaryFolder();
        var robustness = new RobustnessStore(empty.File("own"), Path.Combine(Results, "robustness"));
        var study = new RobustnessStudy(corpus, profile, empty.File("cache"), robustness, CPU);
        Assert.All(profile.Splits(corpus), split => Assert.NotNull(robustness.Find(study.Key(split), study.Suffices)));

        var evidence = new EvidenceStore(empty.File("own"), Path.Combine(Results, EvidenceStore.Folder));
        evidence.FindOrStudy(corpus, options, profile.Folds, empty.File("cache"), CPU);
        evidence.FindOrStudyWarnings(corpus, options, profile.Degradations, profile.Folds, empty.File("cache"), CPU);
        Assert.Equal(2, evidence.Found.Count);
        Assert.Empty(evidence.Damaged.Concat(robustness.Damaged));
    }
}
