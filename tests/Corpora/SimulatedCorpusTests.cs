using DeviceId.Audio;
using DeviceId.Corpora;
using DeviceId.Foundation;

namespace DeviceId.Tests.Corpora;

public sealed class SimulatedCorpusTests
{
    /// <summary>The bytes of <see cref="Tiny"/> on every platform. If they change, RecipeVersion must be raised.</summary>
    private const string TinyFingerprint = "a18ef919110d66e4d1611da2435c5ab578ee45deb2a804b63a5268656be5d797";

    private static readonly SimulatedCorpusOptions Tiny = new()
    {
        Brands = 1, ModelsPerBrand = 2, UnitsPerModel = 2, Sentences = 2, Speakers = 2, SecondsPerSentence = 1,
    };

    [Fact]
    public void TheSameOptionsMakeTheSameBytesOnEveryPlatform()
    {
        using var folder = new TemporaryFolder();
        var corpus = SimulatedCorpus.Open(Tiny, folder.Path);

        Assert.Equal(TinyFingerprint, corpus.Fingerprint);
        Assert.True(corpus.IsSimulated);
        Assert.Contains("simulated", corpus.Name, StringComparison.Ordinal);
        Assert.Equal(["Alder_M1", "Alder_M1(1)", "Alder_M2", "Alder_M2(1)"], corpus.Devices);
        Assert.All(corpus.Recordings, r => Assert.Equal((32000, 1.0), (r.SampleRate, r.DurationSeconds)));
        Assert.Equal(["speaker-1", "speaker-2"], corpus.Recordings.Select(r => r.Speaker!).Distinct());
        Assert.Equal(8, corpus.Recordings.Select(r => r.Hash).Distinct().Count());
    }

    [Theory]
    [InlineData(8000)]
    [InlineData(96000)]
    public void EveryAllowedRateMakesSoundWithinFullScale(int sampleRate)
    {
        using var folder = new TemporaryFolder();
        foreach (var recording in SimulatedCorpus.Open(Tiny with { SampleRate = sampleRate }, folder.Path).Recordings)
        {
            var peak = AudioFile.Read(recording.Path).Samples.Max(Math.Abs);
            Assert.True(peak is > 0.02f and < 0.999f, $"{recording.Path}: peak {peak}");
        }
    }

    [Fact]
    public void AnotherSeedMakesOtherRecordingsInAnotherFolder()
    {
        using var folder = new TemporaryFolder();
        var one = SimulatedCorpus.Open(Tiny, folder.Path);
        var other = SimulatedCorpus.Open(Tiny with { Seed = 2 }, folder.Path);

        Assert.Empty(one.Recordings.Select(r => r.Hash).Intersect(other.Recordings.Select(r => r.Hash)));
        Assert.Equal(2, Directory.GetDirectories(folder.Path).Length);
    }

    [Fact]
    public void RecordingsAreReusedAndCreatedAgainOnlyWhenDamaged()
    {
        using var folder = new TemporaryFolder();
        var path = SimulatedCorpus.Open(Tiny, folder.Path).Recordings[3].Path;
        var past = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(path, past);

        Assert.Equal(TinyFingerprint, SimulatedCorpus.Open(Tiny, folder.Path).Fingerprint);
        Assert.Equal(past, File.GetLastWriteTimeUtc(path));

        File.WriteAllBytes(path, File.ReadAllBytes(path)[..1000]);
        Assert.Equal(TinyFingerprint, SimulatedCorpus.Open(Tiny, folder.Path).Fingerprint);

        File.Delete(path);
        Assert.Equal(TinyFingerprint, SimulatedCorpus.Open(Tiny, folder.Path).Fingerprint);
    }

    [Fact]
    public void AForeignRecordingInTheFolderIsAnErrorThatSaysWhatToDo()
    {
        using var folder = new TemporaryFolder();
        var path = SimulatedCorpus.Open(Tiny, folder.Path).Recordings[0].Path;
        FakeCorpus.WriteSound(Path.Combine(Path.GetDirectoryName(path)!, "foreign_1.wav"), 1);

        Assert.Contains("Delete the folder", Assert.Throws<CorpusException>(() => SimulatedCorpus.Open(Tiny, folder.Path)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void UnitsOfAModelAreCloserThanModelsAndModelsCloserThanBrands()
    {
        // Mean absolute difference of the resonance gains over many phones: the hierarchy holds on average.
        IEnumerable<double> Gains(int seed, int brand, int model, int unit) =>
            new SimulatedPhone(seed, brand, model, unit, 2).Resonances.Select(resonance => resonance.Decibels);
        double Distance((int Brand, int Model, int Unit) other) => Enumerable.Range(0, 50).Average(seed =>
            Gains(seed, 0, 0, 0).Zip(Gains(seed, other.Brand, other.Model, other.Unit), (a, b) => Math.Abs(a - b)).Average());

        var (units, models, brands) = (Distance((0, 0, 1)), Distance((0, 1, 0)), Distance((1, 0, 0)));

        Assert.True(units > 0.1, $"units differ by only {units} dB");
        Assert.True(units < 0.75 * models && models < 0.75 * brands, $"units {units}, models {models}, brands {brands} dB");
    }

    [Fact]
    public void ExactFunctionsAgreeWithTheMathematicalLibrary()
    {
        for (var x = -40.0; x <= 40; x += 0.037)
        {
            Assert.Equal(Math.Sin(x), ExactMath.Sin(x), 1e-11);
            Assert.Equal(Math.Cos(x), ExactMath.Cos(x), 1e-11);
            Assert.Equal(1, ExactMath.Exp(x) / Math.Exp(x), 1e-11);
        }
    }

    [Fact]
    public void EveryInvalidOptionIsReported()
    {
        var options = new SimulatedCorpusOptions { Brands = 0, Sentences = -1, SecondsPerSentence = double.NaN, SampleRate = 1 };
        using var folder = new TemporaryFolder();

        var error = Assert.Throws<OptionsException>(() => SimulatedCorpus.Open(options, folder.Path));

        Assert.Equal(4, error.Problems.Count);
        Assert.Empty(SimulatedCorpusOptions.Standard.Problems());
        Assert.Empty(SimulatedCorpusOptions.Small.Problems());
    }
}
