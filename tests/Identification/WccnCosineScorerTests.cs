using DeviceId.Corpora;
using DeviceId.Foundation;
using DeviceId.Identification;
using static TorchSharp.torch;

namespace DeviceId.Tests.Identification;

[Collection(TensorCollection.Name)]
public sealed class WccnCosineScorerTests
{
    private const int Bands = 12;
    private readonly SplitMix64 _random = new(7);

    [Fact]
    public void RecordingsThatAreCopiesSpanASpaceAllTheSame()
    {
        var random = new Random(1);
        var spectra = Enumerable.Range(0, 4).Select(_ => Enumerable.Range(0, 80).Select(_ => random.NextDouble()).ToArray())
            .SelectMany(s => new[] { s, s }).ToList();
        var space = WccnCosineScorer.Fit(spectra, [0, 0, 1, 1, 2, 2, 3, 3], 4);
        for (var i = 0; i < spectra.Count; i++)
        {
            Assert.Equal(i / 2, space.Similarities(spectra[i]).Index().MaxBy(l => l.Item).Index);
            Assert.Equal(0, space.Distance(spectra[i]), 1e-6);
        }
    }

    [Fact]
    public void RecordingsAreMostAlikeTheirOwnDeviceAndUnknownDevicesAreLikeNone()
    {
        var means = Enumerable.Range(0, 9).Select(_ => Noise(1)).ToList();
        var (spectra, devices) = Recordings(means.Take(6), 4);
        var space = WccnCosineScorer.Fit(spectra, devices, 6);
        for (var device = 0; device < 6; device++)
        {
            var likeness = space.Similarities(Recording(means[device]));
            Assert.Equal(device, Array.IndexOf(likeness, likeness.Max()));
            Assert.InRange(likeness[device], 0.9, 1);
        }

        foreach (var unknown in means.Skip(6))
            Assert.InRange(space.Similarities(Recording(unknown)).Max(), -1, 0.85);
    }

    [Fact]
    public void DirectionsInWhichADevicesOwnRecordingsDifferCountForLittle()
    {
        // Two bands tell the devices apart; the first also varies from recording to recording, ten times as much as the devices do.
        List<double[]> means = [[1, 1], [1, -1], [-1, 1], [-1, -1]];
        var spectra = new List<double[]>();
        var devices = new List<int>();
        for (var device = 0; device < means.Count; device++)
            for (var i = 0; i < 50; i++)
            {
                spectra.Add([means[device][0] + (10 * Normal()), means[device][1] + (0.1 * Normal())]);
                devices.Add(device);
            }

        var likeness = WccnCosineScorer.Fit(spectra, devices, 4).Similarities([-10, 1]);
        // Far off along the first band, on the side of devices 2 and 3; by the second it is 0 or 2.
        Assert.True(Math.Min(likeness[0], likeness[2]) > Math.Max(likeness[1], likeness[3]), string.Join(", ", likeness));
    }

    [Fact]
    public void TheDistanceIsInDeviationsOfTheDevicesOwnRecordingsAndNoiseIsFarFromAll()
    {
        var means = Enumerable.Range(0, 6).Select(_ => Noise(1)).ToList();
        var (spectra, devices) = Recordings(means, 40);
        var space = WccnCosineScorer.Fit(spectra, devices, 6);
        // Forty recordings a device: the covariance is nearly that of the truth, and the root mean square of new ones nearly 1.
        Assert.InRange(Math.Sqrt(Enumerable.Range(0, 200).Average(i => Math.Pow(space.Distance(Recording(means[i % 6])), 2))), 0.85, 1.15);
        Assert.InRange(space.Distance([.. Recording(means[0]).Select((v, i) => v + (i < Bands / 2 ? 3 : -3))]), 5, 1000);
        using var scope = NewDisposeScope();
        Assert.Equal(space.Distance(means[0]), WccnCosineScorer.Restore(space.State(), 6, Bands).Distance(means[0]));
    }

    [Fact]
    public void ASpaceComesBackFromItsStateAndDamagedOnesAreRefused()
    {
        var (spectra, devices) = Recordings([Noise(1), Noise(1), Noise(1)], 3);
        var space = WccnCosineScorer.Fit(spectra, devices, 3);
        using var scope = NewDisposeScope();
        var state = space.State();
        var asked = Noise(1);
        Assert.Equal(space.Similarities(asked), WccnCosineScorer.Restore(state, 3, Bands).Similarities(asked));
        Assert.Throws<ArgumentException>(() => WccnCosineScorer.Restore(state, 4, Bands));
        Assert.Throws<ArgumentException>(() => WccnCosineScorer.Restore([.. state.Skip(1)], 3, Bands));
        Assert.Throws<ArgumentException>(() =>
            WccnCosineScorer.Restore([.. state, ("more", zeros(1, dtype: ScalarType.Float64))], 3, Bands));
        Assert.Throws<ArgumentException>(() =>
            WccnCosineScorer.Restore([state[0], state[1], ("spectra", full([3, Bands], double.NaN, dtype: ScalarType.Float64))], 3, Bands));
    }

    [Fact]
    public void TooFewDevicesOrRecordingsAreRefused()
    {
        var (spectra, devices) = Recordings([Noise(1), Noise(1)], 3);
        Assert.Throws<ArgumentException>(() => WccnCosineScorer.Fit(spectra, devices, 2));
        (spectra, devices) = Recordings([Noise(1), Noise(1), Noise(1)], 1);
        Assert.Throws<ArgumentException>(() => WccnCosineScorer.Fit(spectra, devices, 3));
        Assert.Throws<ArgumentException>(() => WccnCosineScorer.Fit(spectra, devices, 4));
    }

    [Fact]
    public void ASpectrumKnowsNeitherLevelNorDigitalSilence()
    {
        using var scope = NewDisposeScope();
        var frames = randn(20, Bands);
        var silence = full([5, Bands], -40f);
        var expected = (frames.mean([0]) - frames.mean()).data<float>().Select(v => (double)v).ToArray();
        foreach (var same in new[] { frames, frames + 3, cat([silence, frames, silence], 0) })
        {
            // Sums of twenty single-precision numbers.
            Assert.All(WccnCosineScorer.Spectrum(same).Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-5));
        }

        Assert.All(WccnCosineScorer.Spectrum(silence), v => Assert.Equal(0, v));
        Assert.Equal(Bands, WccnCosineScorer.Spectrum(empty([0L, Bands])).Length);
    }

    [Fact]
    public void EveryRecordingIsAskedOnceAsUnknownAndNothingOfItHasBeenLearnt()
    {
        var recordings = Enumerable.Range(0, 10)
            .SelectMany(d => Enumerable.Range(0, 4).Select(s => new Recording($"/{d}/{s}", $"device {d}", $"{s}", $"{d} {s}", 16000, 4)))
            .ToList();
        var corpus = new Corpus("c", recordings, []);
        var means = corpus.Devices.ToDictionary(d => d, _ => Noise(1));
        var spectra = recordings.ToDictionary(r => r.Path, r => Recording(means[r.Device]));
        var questions = HeldOutTrials.Run(Folds.Grouped(corpus, 2, 1), spectra, 1);
        Assert.Equal(40 * 5, questions.Count);
        Assert.All(questions.GroupBy(q => q.Recording.Path), g => Assert.Equal(1, g.Count(q => !q.IsKnown)));
        Assert.All(questions, q => Assert.Equal(8, q.Devices.Count));
        Assert.All(questions.SelectMany(q => q.Comparisons.Select(t => (q, t))),
            pair => Assert.True(pair.q.IsKnown == (pair.t.TrueDevice == pair.t.ClaimedDevice)));
        // The words of a recording's spectrum that the space had seen would show: change all spectra of its sentences, and only they may
        // change.
        var changed = spectra.ToDictionary(s => s.Key, s => s.Key.EndsWith("/0", StringComparison.Ordinal) ? Noise(1) : s.Value);
        var fold = Folds.Grouped(corpus, 2, 1).First(f => f.Test.Recordings.Any(r => r.Sentence == "0"));
        var before = HeldOutTrials.Run([fold], spectra, 1).Where(q => q.Recording.Sentence != "0").Select(q => q.Similarities);
        Assert.Equal(before, HeldOutTrials.Run([fold], changed, 1).Where(q => q.Recording.Sentence != "0").Select(q => q.Similarities));
    }

    [Fact]
    public void TooFewDevicesGiveNoQuestions()
    {
        var recordings = Enumerable.Range(0, 3)
            .SelectMany(d => Enumerable.Range(0, 4).Select(s => new Recording($"/{d}/{s}", $"device {d}", $"{s}", $"{d} {s}", 16000, 4)))
            .ToList();
        var corpus = new Corpus("c", recordings, []);
        Assert.Empty(HeldOutTrials.Run(Folds.Grouped(corpus, 2, 1), recordings.ToDictionary(r => r.Path, _ => Noise(1)), 1));
        Assert.Null(SimilarityCalibration.Fit([]));
    }

    [Fact]
    public void DevicesAreRelatedByTheirNames()
    {
        Assert.Equal(DeviceRelation.SameDevice, new VerificationTrial("IPHONE6", "1", "IPHONE6", 0).Relation());
        Assert.Equal(DeviceRelation.OtherUnit, new VerificationTrial("IPHONE6", "1", "IPHONE6(2)", 0).Relation());
        Assert.Equal(DeviceRelation.OtherModel, new VerificationTrial("IPHONE6", "1", "IPHONEX", 0).Relation());
        Assert.Equal(DeviceRelation.OtherBrand, new VerificationTrial("IPHONE6", "1", "vivo_x7", 0).Relation());
    }

    private (List<double[]> Spectra, List<int> Devices) Recordings(IEnumerable<double[]> means, int each)
    {
        var all = means.SelectMany((mean, device) => Enumerable.Range(0, each).Select(_ => (Spectrum: Recording(mean), device))).ToList();
        return ([.. all.Select(r => r.Spectrum)], [.. all.Select(r => r.device)]);
    }

    private double[] Recording(double[] device) => [.. device.Select(v => v + (0.1 * Normal()))];

    private double[] Noise(double deviation) => [.. Enumerable.Range(0, Bands).Select(_ => deviation * Normal())];

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.Uniform())) * Math.Cos(2 * Math.PI * _random.Uniform());
}
