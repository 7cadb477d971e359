using DeviceId.Audio;
using DeviceId.Corpora;
using DeviceId.Experiments;
using DeviceId.Foundation;

namespace DeviceId.Tests.Experiments;

[Collection(TensorCollection.Name)]
public sealed class FileFactsStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void OnePhoneAsTwoDevicesOfDifferentLevelIsNamedByItsFilesAlone()
    {
        var corpus = Phones(quieter: 0.05);
        var store = new FileFactsStore(_folder.File("facts"));
        var result = store.FindOrMeasure(corpus)!;
        Assert.Equal(new DeviceId.Evaluation.Accuracy(8, 8), result.Accuracy());
        Assert.Contains(result.Rows.Skip(1), row => row.Name == "level" && row.Right == 8);
        Assert.Equal(Json.Write(result), Json.Write(store.Find(corpus.Fingerprint)));
        Assert.Null(store.Find("another corpus"));
    }

    [Fact]
    public void ADamagedResultIsMeasuredAgain()
    {
        var corpus = Phones(quieter: 0.05);
        var store = new FileFactsStore(_folder.File("facts"));
        store.FindOrMeasure(corpus);
        File.WriteAllText(Directory.GetFiles(_folder.File("facts")).Single(), "{}");
        Assert.Equal(8, store.FindOrMeasure(corpus)!.Rows[0].Count);
        Assert.Single(store.Damaged);
    }

    [Fact]
    public void OneSentenceCannotBeHeldOut()
    {
        var corpus = Phones(quieter: 0.05).Subset(recording => recording.Sentence == "001");
        Assert.Null(new FileFactsStore(_folder.File("facts")).FindOrMeasure(corpus));
    }

    private Corpus Phones(double quieter)
    {
        var random = new SplitMix64(3);
        foreach (var sentence in new[] { 1, 2, 3, 4 })
        {
            float[] samples = [.. Enumerable.Range(0, 8000 + (100 * sentence)).Select(_ => (float)(0.1 * random.Normal()))];
            Directory.CreateDirectory(_folder.File("own"));
            WaveFile.Write(_folder.File($"own/loud_{sentence}.wav"), new AudioClip(samples, 8000));
            WaveFile.Write(_folder.File($"own/quiet_{sentence}.wav"),
                new AudioClip(Array.ConvertAll(samples, sample => (float)(quieter * sample)), 8000));
        }

        return CorpusFinder.Open(_folder.File("own"), _folder.Path, new SimulatedCorpusOptions());
    }
}
