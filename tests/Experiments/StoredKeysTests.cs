using DeviceId.Corpora;
using DeviceId.Experiments;
using DeviceId.Foundation;
using DeviceId.Identification;
using static TorchSharp.torch;

namespace DeviceId.Tests.Experiments;

/// <summary>
/// The committed results are found by what today's code makes of their settings: a property renamed or added without care would lose hours
/// of training.
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

    /// <summary>Written again, a result is the same text: nothing of it is lost or filled in.</summary>
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
        using var none = new TemporaryFolder();
        var robustness = new RobustnessStore(none.File("own"), Path.Combine(Results, "robustness"));
        var study = new RobustnessStudy(corpus, profile, none.File("cache"), robustness, CPU);
        Assert.All(profile.Splits(corpus), split => Assert.NotNull(robustness.Find(study.KeyOf(split), study.Suffices)));

        var evidence = new EvidenceStore(none.File("own"), Path.Combine(Results, EvidenceStore.Folder));
        evidence.FindOrStudy(corpus, options, profile.Folds, none.File("cache"), CPU);
        evidence.FindOrStudyWarnings(corpus, options, profile.Degradations, profile.Folds, none.File("cache"), CPU);
        Assert.Equal(2, evidence.Found.Count);
        Assert.Empty(evidence.Damaged.Concat(robustness.Damaged));
    }
}
