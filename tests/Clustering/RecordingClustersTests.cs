using DeviceId.Audio;
using DeviceId.Clustering;
using DeviceId.Corpora;
using DeviceId.Foundation;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Tests.Clustering;

/// <summary>Simulated phones, four recordings of each.</summary>
[Collection(TensorCollection.Name)]
public sealed class RecordingClustersTests(RecordingClustersTests.Phones phones) : IClassFixture<RecordingClustersTests.Phones>
{
    [Fact]
    public void PhonesThatDifferAreFoundWithoutLabels()
    {
        var clusters = phones.Find(new ClusteringOptions { Clusters = phones.Corpus.Devices.Count });
        var devices = clusters.Recordings.Select(r => r.Device).ToList();
        Assert.Equal(phones.Corpus.Devices.Count, clusters.Count);
        Assert.InRange(clusters.Agreement(devices).AdjustedMutualInformation, 0.8, 1);
        Assert.InRange(clusters.RandomAgreement(devices).AdjustedMutualInformation, -0.1, 0.1);
        Assert.All(clusters.Silhouettes, value => Assert.InRange(value, -1, 1));
        // The largest sessions come first.
        var sizes = clusters.Labels.GroupBy(label => label).OrderBy(g => g.Key).Select(g => g.Count()).ToList();
        Assert.Equal(sizes.OrderDescending(), sizes);
    }

    [Theory]
    [InlineData(RecordingVectorKind.Spectrum, 60)]
    [InlineData(RecordingVectorKind.Supervector, 16 * 30)]
    [InlineData(RecordingVectorKind.DeepSupervector, 16 * 39)]
    public void AVectorOfTheSoundHasUnitLengthAndTheSizeOfItsKind(RecordingVectorKind kind, int values)
    {
        using var scope = NewDisposeScope();
        var (vectors, used) = new RecordingVectors(kind, phones.Features, seed: 1, CPU).Compute(phones.Corpus.Recordings);
        // 16 recordings of 2 s have 133 frames each: 16 components of at least 100 frames.
        Assert.Equal([16L, values], vectors.shape);
        Assert.Equal(Enumerable.Range(0, 16), used);
        Assert.All(vectors.norm(1).data<double>().ToArray(), length => Assert.Equal(1, length, 1e-6));
    }

    [Fact]
    public void TheDevicesOfTheRecordingsAreNotUsed()
    {
        var options = new ClusteringOptions { Clusters = 3 };
        var swapped = phones.Corpus.Recordings.Select((r, i) => r with { Device = $"{i % 2}", Sentence = "same" }).ToList();
        var changed = RecordingClusters.Find(swapped, options, phones.Features);
        Assert.Equal(phones.Find(options).Labels, changed.Labels);
    }

    [Fact]
    public void ADeepSupervectorIsMadeOfTheFramesOfAnAutoEncoderAndTheSeedFixesIt()
    {
        var options = new ClusteringOptions { Vectors = RecordingVectorKind.DeepSupervector, Clusters = 3 };
        var recordings = phones.Corpus.Recordings.Take(6).ToList();
        var first = RecordingClusters.Find(recordings, options, phones.Features);
        Assert.Equal(first.Silhouettes, RecordingClusters.Find(recordings, options, phones.Features).Silhouettes);
        Assert.NotEqual(first.Silhouettes, RecordingClusters.Find(recordings, options with { Seed = 2 }, phones.Features).Silhouettes);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void AFewRecordingsAreNotCounted(int count)
    {
        var recordings = phones.Corpus.Recordings.Take(count).ToList();
        var clusters = RecordingClusters.Find(recordings, new ClusteringOptions(), phones.Features);
        Assert.Equal(1, clusters.Count);
        Assert.Contains("too few to count", Assert.Single(clusters.Reservations), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(
            () => RecordingClusters.Find(recordings, new ClusteringOptions { Clusters = count + 1 }, phones.Features));
    }

    [Fact]
    public void OneRecordingAPhoneIsSaidToBeUncountable()
    {
        var recordings = phones.Corpus.Recordings.GroupBy(r => r.Device).Select(g => g.First()).ToList();
        var clusters = RecordingClusters.Find(recordings, new ClusteringOptions { Clusters = recordings.Count }, phones.Features);
        Assert.Contains(clusters.Reservations, sentence => sentence.Contains("hold a single recording", StringComparison.Ordinal));
    }

    [Fact]
    public void ARecordingShorterThanAFrameIsNamedAndSkipped()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("short.wav");
        WaveFile.Write(path, new AudioClip([.. Enumerable.Range(0, 50).Select(i => i % 2 - 0.5f)], 16000));
        var corpus = UnlabelledFolder.Open(folder.Path);
        Assert.Throws<ArgumentException>(() => RecordingClusters.Find(corpus.Recordings, new ClusteringOptions(), phones.Features));
        var clusters = RecordingClusters.Find(
            [.. phones.Corpus.Recordings, corpus.Recordings[0]], new ClusteringOptions { Clusters = 2 }, phones.Features);
        Assert.Equal(phones.Corpus.Recordings.Count, clusters.Recordings.Count);
        Assert.Equal(path, Assert.Single(clusters.Skipped).Path);
    }

    [Fact]
    public void CopiesAreInTheSameSession()
    {
        var recordings = phones.Corpus.Recordings.Concat(phones.Corpus.Recordings).ToList();
        var clusters = RecordingClusters.Find(recordings, new ClusteringOptions { Clusters = 4 }, phones.Features);
        var half = phones.Corpus.Recordings.Count;
        Assert.Equal(clusters.Labels.Take(half), clusters.Labels.Skip(half));
    }

    [Fact]
    public void BadSettingsAndCancellationAreReported()
    {
        Assert.Throws<OptionsException>(() => phones.Find(new ClusteringOptions { Clusters = 0 }));
        Assert.Throws<ArgumentException>(() => RecordingClusters.Find([], new ClusteringOptions(), phones.Features));
        Assert.Throws<OperationCanceledException>(() => RecordingClusters.Find(
            phones.Corpus.Recordings, new ClusteringOptions(), phones.Features, cancellationToken: new CancellationToken(true)));
    }

    [Fact]
    public void VectorsAreDirectionsFromTheirMean()
    {
        using var scope = NewDisposeScope();
        var vectors = RecordingVectors.Directions(tensor(new double[] { 3, 0, 1, 0, 1, 4, 1, 0 }, [4, 2], device: CPU));
        // The mean is (1.5, 1).
        var length = Math.Sqrt(1.5 * 1.5 + 1);
        double[] expected = [1.5 / length, -1 / length, -0.5 / Math.Sqrt(1.25), -1 / Math.Sqrt(1.25)];
        Assert.All(expected.Zip(vectors.data<double>().ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
        Assert.Equal(0, RecordingVectors.Directions(ones(3, 5, ScalarType.Float64, CPU) * 0.1).abs().max().item<double>());
    }

    [Theory]
    [InlineData(50, 1)]
    [InlineData(800, 8)]
    [InlineData(6399, 32)]
    [InlineData(1_000_000, 64)]
    public void AMixtureHasAHundredFramesPerComponent(long frames, int components) =>
        Assert.Equal(components, RecordingVectors.Components(frames));

    /// <summary>Simulated recordings and a folder for their features.</summary>
    public sealed class Phones : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public Phones() => Corpus = SimulatedCorpus.Open(ThatDiffer, _folder.Path);

        /// <summary>Four phones whose resonances differ more than the sentences do.</summary>
        private static SimulatedCorpusOptions ThatDiffer { get; } = new()
        {
            Brands = 4, ModelsPerBrand = 1, UnitsPerModel = 1, Sentences = 4, Speakers = 2, SecondsPerSentence = 2, ResonanceDecibels = 15,
        };

        public Corpus Corpus { get; }

        public string Features => _folder.File("features");

        public RecordingClusters Find(ClusteringOptions options) => RecordingClusters.Find(Corpus.Recordings, options, Features);

        public void Dispose() => _folder.Dispose();
    }
}
