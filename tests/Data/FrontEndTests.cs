using DeviceId.Audio;
using DeviceId.Corpora;
using DeviceId.Data;
using DeviceId.Features;
using DeviceId.Mixtures;
using DeviceId.Tests.Audio;
using static TorchSharp.torch;

namespace DeviceId.Tests.Data;

[Collection(TensorCollection.Name)]
public sealed class FrontEndTests : IDisposable
{
    private static readonly FrontEndOptions Options = new() { Background = new GmmOptions { Components = 4 } };

    private readonly TemporaryFolder _folder = new();
    private readonly Split _split;
    private readonly FeatureStore _store;

    public FrontEndTests()
    {
        var corpus = SimulatedCorpus.Open(SimulatedCorpusOptions.Small with { SecondsPerSentence = 1.5 }, _folder.Path);
        _split = Folds.LeaveOneSentenceOut(corpus)[0];
        _store = new FeatureStore(_folder.File("cache"), Options.CreateFeatures(CPU));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TrainingSamplesAreCentredAndHaveUnitPower()
    {
        var (frontEnd, samples) = FrontEnd.Fit(_split.Train, Options, _store, CPU);
        using (frontEnd)
        using (samples)
        {
            // float32 sums of some thousand values near 1: a relative error of 1e-5 would be large.
            Assert.Equal(0, samples.Supervectors.mean([0]).abs().max().item<float>(), 1e-4);
            Assert.Equal(1, samples.Supervectors.square().mean().item<float>(), 1e-4);
            Assert.Equal(0, samples.Segments.mean([0, 1]).abs().max().item<float>(), 1e-4);
            Assert.Equal(_split.Train.Recordings.Count, samples.RecordingOf.Distinct().Count());
        }
    }

    [Fact]
    public void ClipsOfTestRecordingsGiveTheSameSamplesAsTheirFilesAndOtherClipsOthers()
    {
        var (frontEnd, samples) = FrontEnd.Fit(_split.Train, Options, _store, CPU);
        using (frontEnd)
        using (samples)
        {
            using var scope = NewDisposeScope();
            AudioClip[] clips = [.. _split.Test.Recordings.Select(recording => AudioFile.Read(recording.Path))];
            using var files = frontEnd.Transform(_split.Test);
            using var same = frontEnd.Transform(_split.Test, clips);
            Assert.Equal(files.RecordingOf, same.RecordingOf);
            Assert.True(files.Segments.Equals(same.Segments) && files.Supervectors.Equals(same.Supervectors)
                && files.Labels.Equals(same.Labels));
            // One clip is too short for a frame: its recording has no sample, the others are unchanged.
            using var shorter = frontEnd.Transform(_split.Test, [clips[0] with { Samples = new float[10] }, .. clips.Skip(1)]);
            Assert.Equal(files.RecordingOf.Where(r => r != 0), shorter.RecordingOf);
            Assert.Contains("for 4 recordings", Assert.Throws<ArgumentException>(() => frontEnd.Transform(_split.Test, clips[..2])).Message,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void ADeviceWithoutTrainingSamplesIsNamed()
    {
        foreach (var (name, samples) in new[] { ("long/one", 4000), ("long/two", 4100), ("short/one", 100), ("short/two", 110),
            ("tiny/one", 50), ("tiny/two", 60) })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder.File($"own/{name}"))!);
            WaveFile.Write(_folder.File($"own/{name}.wav"),
                new AudioClip([.. Enumerable.Range(0, samples).Select(i => (float)Math.Sin(0.1 * i) / 2)], 8000));
        }

        // A frame at 8000 Hz has 256 samples: two devices have no frame.
        var train = Folds.LeaveOneSentenceOut(DeviceFolders.Open(_folder.File("own")))[0].Train;
        var error = Assert.Throws<CorpusException>(() => FrontEnd.Fit(train, Options, _store, CPU));
        Assert.StartsWith("All training recordings of short, tiny are shorter", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AGivenBackgroundModelIsUsedUnchangedAndStillBelongsToTheCaller()
    {
        using var given = FourComponents();
        var (frontEnd, samples) = FrontEnd.Fit(_split.Train, Options, _store, CPU, given);
        using (samples)
        using (frontEnd)
        {
            Assert.Null(frontEnd.BackgroundTraining);
            Assert.True(frontEnd.Background!.Means.Equals(given.Means));
        }

        Assert.Equal(4, given.Means.shape[0]);
    }

    [Fact]
    public void ABackgroundModelOfAnotherSizeIsRefusedWithBothSizes()
    {
        using var given = FourComponents();
        var error = Assert.Throws<ArgumentException>(() =>
            FrontEnd.Fit(_split.Train, Options with { Background = new GmmOptions { Components = 8 } }, _store, CPU, given));
        Assert.Contains("4 components of 39 coefficients, the settings ask for 8 of 39", error.Message);
    }

    [Fact]
    public void AModelFileIsReadBack()
    {
        using var given = FourComponents();
        given.Save(_folder.File("speech.gmm"));
        using var read = BackgroundSource.Open(_folder.File("speech.gmm"), Options, _store, CPU)!;
        Assert.True(read.Means.Equals(given.Means));
    }

    [Fact]
    public void TheAuthorsModelFits()
    {
        var options = new FrontEndOptions();
        using var model = BackgroundSource.Open(Path.Combine(TestPaths.RealData("ubm"), "ubm64.mat"), options, _store, CPU)!;
        var (frontEnd, samples) = FrontEnd.Fit(_split.Train, options, _store, CPU, model);
        using (frontEnd)
        using (samples)
        {
            Assert.Equal(64 * 39, samples.Supervectors.shape[1]);
            Assert.True(samples.Supervectors.isfinite().all().item<bool>());
        }
    }

    /// <summary>TIMIT's .WAV files are SPHERE: the model equals the one that EM finds on the same audio from WAV files.</summary>
    [Fact]
    public void TimitTrainsTheBackgroundModel()
    {
        var clips = _split.Train.Recordings.Take(3).Select(r => AudioFile.Read(r.Path)).ToList();
        for (var i = 0; i < clips.Count; i++)
        {
            var path = _folder.File($"timit/TRAIN/DR{i + 1}/FSPK{i}/SX{i}.WAV");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var samples = clips[i].Samples.ToArray().Select(s => (short)Math.Round(s * 32768)).ToArray();
            File.WriteAllBytes(path, SoundFiles.Sphere(
                SoundFiles.Bytes16(samples), $"sample_count -i {samples.Length}", $"sample_rate -i {clips[i].SampleRate}",
                "channel_count -i 1", "sample_n_bytes -i 2", "sample_byte_format -s2 01", "sample_coding -s3 pcm"));
        }

        var cancelled = new CancellationToken(canceled: true);
        Assert.Throws<OperationCanceledException>(
            () => BackgroundSource.Open(_folder.File("timit"), Options, _store, CPU, cancellationToken: cancelled));
        using var model = BackgroundSource.Open(_folder.File("timit"), Options, _store, CPU)!;
        var features = _store.Load([.. _split.Train.Recordings.Take(3)]);
        using var expected = new GmmTrainer(Options.Background, CPU).Fit(features).Model;
        Assert.True(model.Means.Equals(expected.Means));
        foreach (var matrix in features)
            matrix.Dispose();
    }

    [Fact]
    public void AnEmptyPathGivesNoModelAndAWrongOneIsNamed()
    {
        Assert.Null(BackgroundSource.Open("", Options, _store, CPU));
        Assert.Contains("/no/such.mat",
            Assert.Throws<FileNotFoundException>(() => BackgroundSource.Open("/no/such.mat", Options, _store, CPU)).Message);
        var empty = Directory.CreateDirectory(_folder.File("empty")).FullName;
        Assert.Throws<CorpusException>(() => BackgroundSource.Open(empty, Options, _store, CPU));
    }

    private static DiagonalGmm FourComponents()
    {
        using var scope = NewDisposeScope();
        return new DiagonalGmm(ones(4, float64) / 4, linspace(-2, 2, 4 * 39, float64).reshape(4, 39), ones(4, 39, float64));
    }
}
