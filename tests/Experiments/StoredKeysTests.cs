using DeviceId.Experiments;

namespace DeviceId.Tests.Experiments;

/// <summary>The committed results are found by what today's code makes of their settings: a property renamed or added without care would lose hours of training.</summary>
public sealed class StoredKeysTests
{
    [Fact]
    public void EveryCommittedResultIsFoundUnderTheKeyOfItsSettings()
    {
        var results = Path.Combine(TestPaths.Root, "data", "results");
        var store = new TrialStore(results);
        var stored = store.All();
        Assert.Empty(store.Damaged);
        Assert.Equal(File.ReadAllLines(TestPaths.Golden("committed-results.txt")), stored.Select(result => result.Key));
        Assert.All(stored, result => Assert.Equal(new Trial(result.Settings, result.Corpus, result.Split, result.Seed).Key, result.Key));
    }
}
