using DeviceId.Audio;
using DeviceId.Features;
using DeviceId.Foundation;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Tests.Features;

/// <summary>What holds for each feature that the library offers.</summary>
[Collection(TensorCollection.Name)]
public sealed class EveryFeatureTests
{
    /// <summary>Every kind at its defaults or with settings that suit 8 kHz, and its variants.</summary>
    internal static readonly (string Name, FeatureOptions Options)[] All =
    [
        ("MFCC", MfccOptions.AsWritten), ("LFCC", MfccOptions.Lfcc), ("BFCC", MfccOptions.Bfcc),
        ("log mel", new LogMelOptions { Filters = 20 }), ("band energy differences", new BandEnergyDifferenceOptions { Bands = 20 }),
        ("log spectrum", new LogSpectrumOptions { Bins = 65 }),
        ("blind channel", new BlindChannelOptions { Bins = 65, WindowSeconds = 0.5 }),
        ("constant-Q", new ConstantQOptions { Bins = 80 }), ("LPCC", new LpccOptions()), ("PNCC", new PnccOptions()),
        ("PNCC, power law only", new PnccOptions { MediumTimeProcessing = false }),
        ("noise residual", new NoiseResidualOptions()), ("entropy", new CepstralEntropyOptions()),
        ("entropy, softmax", new CepstralEntropyOptions { Weights = EntropyWeights.Softmax }),
        ("packets", WaveletOptions.Packets), ("wavelets", WaveletOptions.Dyadic with { Bands = 5 }),
    ];

    public static TheoryData<string> Names() => [.. All.Select(feature => feature.Name)];

    private static FeatureOptions Options(string name) => All.Single(feature => feature.Name == name).Options;

    [Fact]
    public void EveryKindIsTested() => Assert.Empty(typeof(FeatureOptions).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(FeatureOptions)) && type != typeof(CustomFeature))
        .Except(All.Select(feature => feature.Options.GetType())));

    [Theory]
    [MemberData(nameof(Names))]
    public void SoundAndDigitalSilenceGiveFiniteFloatsForEachFrame(string name)
    {
        using var scope = NewDisposeScope();
        var options = Options(name);
        var noise = SlowFeatures.Bursts(8000);
        AudioClip[] clips =
        [
            noise, new AudioClip(new float[8000], 8000), SlowFeatures.Gain(noise, 1e-6f),
            noise with { Samples = [.. new float[4000], .. noise.Samples[..4000]] },
            noise with { Samples = [.. Enumerable.Range(0, 8000).Select(i => (float)Math.Sin(Math.PI * i / 8))] },
            noise with { Samples = [.. Enumerable.Repeat(1f, 8000)] },
        ];
        var features = options.Create(CPU).Extract(clips);
        foreach (var matrix in features)
        {
            Assert.Equal([options.Grid(8000).Frames(8000), options.Dimension], matrix.shape);
            Assert.Equal(ScalarType.Float32, matrix.dtype);
            Assert.True(matrix.isfinite().all().item<bool>());
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ARecordingShorterThanAFrameGivesNoRowsAndOneFrameGivesOne(string name)
    {
        using var scope = NewDisposeScope();
        var options = Options(name);
        var length = options.Grid(8000).Length;
        var features = options.Create(CPU).Extract(
            [new AudioClip([], 8000), SlowFeatures.Noise(length - 1), SlowFeatures.Noise(length)]);
        Assert.Equal([0, options.Dimension], features[0].shape);
        Assert.Equal([0, options.Dimension], features[1].shape);
        Assert.Equal([1, options.Dimension], features[2].shape);
        Assert.True(features[2].isfinite().all().item<bool>());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void NaNAndInfinityAreRefused(string name)
    {
        var features = Options(name).Create(CPU);
        foreach (var bad in new[] { float.NaN, float.NegativeInfinity })
        {
            var samples = SlowFeatures.Noise(4000).Samples;
            samples[2000] = bad;
            Assert.Contains("NaN", Assert.Throws<ArgumentException>(
                () => features.Extract([new AudioClip(samples, 8000)])).Message, StringComparison.Ordinal);
        }
    }

    /// <summary>Bit-identical, alone or in a batch of other lengths and another rate: all blocks have the same shape.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void TheFeaturesOfARecordingDoNotDependOnTheOthers(string name)
    {
        using var scope = NewDisposeScope();
        var features = Options(name).Create(CPU);
        AudioClip[] clips =
            [SlowFeatures.Bursts(9001), SlowFeatures.Noise(100), SlowFeatures.Bursts(16000, 11025), SlowFeatures.Noise(2500)];
        var together = features.Extract(clips);
        for (var i = 0; i < clips.Length; i++)
            Assert.Equal(GoldenFeatures.Values(features.Extract([clips[i]])[0]), GoldenFeatures.Values(together[i]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void RepeatedExtractionLeavesNoTensorBehind(string name)
    {
        var features = Options(name).Create(CPU);
        AudioClip[] clips = [SlowFeatures.Bursts(4000), SlowFeatures.Noise(100)];
        foreach (var matrix in features.Extract(clips))
            matrix.Dispose();
        var live = LiveTensors.CountSettled();
        for (var i = 0; i < 3; i++)
            foreach (var matrix in features.Extract(clips))
                matrix.Dispose();
        Assert.Equal(live, Tensor.TotalCount);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void SettingsSurviveJsonAndDescribeTheFeature(string name)
    {
        var options = Options(name);
        Assert.Empty(options.Problems());
        Assert.Equal(options, Json.Read<FeatureOptions>(Json.Write(options)));
        var longer = options with { FrameMilliseconds = options.FrameMilliseconds + 10 };
        Assert.NotEqual(options.Create(CPU).Description, longer.Create(CPU).Description);
        Assert.Throws<OptionsException>(() => (options with { FrameMilliseconds = 0 }).Create(CPU));
    }

    [Fact]
    public void DifferentFeaturesHaveDifferentDescriptions() =>
        Assert.Equal(All.Length, All.Select(feature => feature.Options.Create(CPU).Description).Distinct().Count());

    /// <summary>Filter banks that a chart can put side by side: one centre a filter, weights over the whole band.</summary>
    [Theory]
    [InlineData("MFCC", 26)]
    [InlineData("LFCC", 26)]
    [InlineData("BFCC", 26)]
    [InlineData("log mel", 20)]
    [InlineData("noise residual", 26)]
    [InlineData("PNCC", 40)]
    [InlineData("constant-Q", 80)]
    [InlineData("packets", 24)]
    [InlineData("wavelets", 5)]
    public void AFiltersWeightsAreLargestNearItsCentre(string name, int filters)
    {
        var responses = Options(name).FiltersFor(8000)!;
        Assert.Equal(filters, responses.CentreHertz.Count);
        Assert.Equal(filters, responses.Weights.Count);
        Assert.Equal((0, 4000), (responses.BinHertz[0], responses.BinHertz[^1]));
        Assert.Equal(responses.CentreHertz, responses.CentreHertz.Order());
        for (var filter = 0; filter < filters; filter++)
        {
            var weights = responses.Weights[filter];
            Assert.Equal(responses.BinHertz.Count, weights.Count);
            Assert.All(weights, weight => Assert.InRange(weight, 0, 2));
            var peak = responses.BinHertz[weights.ToList().IndexOf(weights.Max())];
            var neighbours = responses.CentreHertz.Where((_, other) => Math.Abs(other - filter) == 1)
                .Max(centre => Math.Abs(centre - responses.CentreHertz[filter]));
            if (weights.Max() > 0) // a narrow triangle may contain no bin
                Assert.InRange(Math.Abs(peak - responses.CentreHertz[filter]), 0, neighbours + responses.BinHertz[1]);
        }
    }

    [Fact]
    public void AFeatureWithoutFiltersSaysSo()
    {
        Assert.Null(new LpccOptions().FiltersFor(8000));
        Assert.Null(new LogSpectrumOptions().FiltersFor(8000));
    }
}
