using DeviceId.Audio;
using DeviceId.Features;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Tests.Features;

[Collection(TensorCollection.Name)]
public sealed class MfccTests
{
    private static MfccOptions Preset(string name) => name == "Melcepst" ? MfccOptions.Melcepst : MfccOptions.AsWritten;

    public static TheoryData<string, string> GoldenFiles()
    {
        var data = new TheoryData<string, string>();
        foreach (var preset in new[] { "AsWritten", "Melcepst" })
            foreach (var name in new[] { "dc_32k", "halfsil_32k", "noise_16k", "noise_32k", "odd_32k", "oneframe_16k", "sine_32k",
                "spA_16k", "spA_32k" })
                data.Add(name, preset);
        return data;
    }

    [Theory]
    [MemberData(nameof(GoldenFiles))]
    public void DoublePrecisionAgreesWithVoiceboxTo1e10(string name, string preset)
    {
        using var features = new Mfcc(Preset(preset), CPU, ScalarType.Float64).Extract(GoldenFeatures.Clip(name));
        Assert.Equal(ScalarType.Float64, features.dtype);
        Assert.InRange(GoldenFeatures.LargestDifference(GoldenFeatures.Csv("mfcc", $"{name}.{preset}.csv"), features), 0, 1e-10);
    }

    /// <summary>
    /// The FFT runs in float64, so that tones and constant offsets, where most filters are 70 to 100 dB below the loudest bin, are as exact
    /// as speech. The remaining error is rounding of logarithms near -90 and of their sums: at most 3e-5 (measured); docs/mfcc.md allows
    /// 1e-4.
    /// </summary>
    [Theory]
    [MemberData(nameof(GoldenFiles))]
    public void SinglePrecisionAgreesWithVoiceboxTo1e4(string name, string preset)
    {
        using var features = new Mfcc(Preset(preset), CPU).Extract(GoldenFeatures.Clip(name));
        Assert.Equal(ScalarType.Float32, features.dtype);
        Assert.InRange(GoldenFeatures.LargestDifference(GoldenFeatures.Csv("mfcc", $"{name}.{preset}.csv"), features), 0, 1e-4);
    }

    [Theory]
    [MemberData(nameof(GoldenFiles))]
    public void SinglePrecisionWithoutKernelsAgreesWithVoiceboxTo1e4(string name, string preset)
    {
        using var backend = new BackendSwitch(isAccelerated: false);
        SinglePrecisionAgreesWithVoiceboxTo1e4(name, preset);
    }

    [Theory]
    [InlineData("AsWritten", 132, ScalarType.Float32)]
    [InlineData("AsWritten", 132, ScalarType.Float64)]
    [InlineData("Melcepst", 249, ScalarType.Float32)]
    [InlineData("Melcepst", 249, ScalarType.Float64)]
    public void DigitalSilenceGivesTheDocumentedFiniteNumbers(string preset, int frames, ScalarType type)
    {
        using var features = new Mfcc(Preset(preset), CPU, type).Extract(GoldenFeatures.Clip("silence_32k"));
        Assert.Equal([frames, 39L], features.shape);
        var values = GoldenFeatures.Values(features);
        for (var i = 0; i < values.Length; i++)
        {
            // 31 filters at 32 kHz; float32 rounding of a sum of 31 values near -87 is below 1e-3.
            var expected = i % 39 == 0 ? Math.Log(1.17549435e-38) * Math.Sqrt(31) : 0;
            Assert.Equal(expected, values[i], 1e-3);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(479)]
    public void LessThanOneFrameGivesAnEmptyMatrix(int samples)
    {
        using var features = new Mfcc(MfccOptions.AsWritten, CPU).Extract(new AudioClip(new float[samples], 16000));
        Assert.Equal([0L, 39L], features.shape);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void NaNAndInfiniteSamplesAreRefusedWithTheIndexOfTheClip(float bad)
    {
        var mfcc = new Mfcc(MfccOptions.AsWritten, CPU);
        var samples = GoldenFeatures.Clip("spA_16k").Samples.ToArray();
        samples[20000] = bad;
        var error = Assert.Throws<ArgumentException>(() => mfcc.Extract([GoldenFeatures.Clip("noise_32k"), new AudioClip(samples, 16000)]));
        Assert.Contains("Clip 1 ", error.Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// The samples of spA_16k treated as recorded at other rates: frames of odd length, filters narrower than a bin. The reference values
    /// are from an independent NumPy program.
    /// </summary>
    [Theory]
    [InlineData(8000, "AsWritten")]
    [InlineData(8000, "Melcepst")]
    [InlineData(11025, "AsWritten")]
    [InlineData(11025, "Melcepst")]
    [InlineData(22050, "AsWritten")]
    [InlineData(22050, "Melcepst")]
    [InlineData(44100, "AsWritten")]
    [InlineData(44100, "Melcepst")]
    public void OtherSampleRatesAgreeWithTheReferenceProgram(int sampleRate, string preset)
    {
        var clip = GoldenFeatures.Clip("spA_16k") with { SampleRate = sampleRate };
        using var features = new Mfcc(Preset(preset), CPU, ScalarType.Float64).Extract(clip);
        using var first = features[..5];
        Assert.InRange(GoldenFeatures.LargestDifference(GoldenFeatures.Csv("mfcc", $"spA_16k.played-at-{sampleRate}.{preset}.first5.csv"),
            first), 0, 1e-10);
    }

    [Theory]
    [InlineData("Apple_air1_1")]
    [InlineData("xiaomi5_1")]
    public void RealRecordingsAgreeWithTheReferenceProgram(string name)
    {
        var clip = WaveFile.Read(Path.Combine(TestPaths.RealData("ccnu-mobile"), name + ".wav"));
        var expected = GoldenFeatures.Csv("mfcc", $"ccnu-mobile.{name}.AsWritten.first5.csv");
        foreach (var (type, tolerance) in new[] { (ScalarType.Float64, 1e-10), (ScalarType.Float32, 1e-4) })
        {
            using var features = new Mfcc(MfccOptions.AsWritten, CPU, type).Extract(clip);
            Assert.Equal([543L, 39L], features.shape);
            using var first = features[..5];
            Assert.InRange(GoldenFeatures.LargestDifference(expected, first), 0, tolerance);
        }
    }

    [Fact]
    public void WithoutDeltasTheStaticCoefficientsRemain()
    {
        var clip = GoldenFeatures.Clip("spA_16k");
        using var all = new Mfcc(MfccOptions.AsWritten, CPU).Extract(clip);
        using var statics = new Mfcc(MfccOptions.AsWritten with { Deltas = false, Coefficients = 10 }, CPU).Extract(clip);
        Assert.Equal([all.shape[0], 10L], statics.shape);
        using var same = all[.., ..10];
        // The sums may be in a different order: rounding of values up to about 100.
        Assert.True(allclose(same, statics, rtol: 0, atol: 1e-4));
    }

    [Fact]
    public void CmvnIsTheNormalisedFormOfThePlainFeatures()
    {
        var clip = GoldenFeatures.Clip("spA_16k");
        using var plain = new Mfcc(MfccOptions.AsWritten, CPU, ScalarType.Float64).Extract(clip);
        using var normalised = new Mfcc(MfccOptions.AsWritten with { Cmvn = true }, CPU, ScalarType.Float64).Extract(clip);
        using var expected = Cmvn.Normalise(plain);
        Assert.True(expected.equal(normalised).all().item<bool>());
        Assert.False(plain.equal(normalised).all().item<bool>());
    }

    [Fact]
    public void AnIntegerDataTypeIsRefused()
    {
        var error = Assert.Throws<ArgumentException>(() => new Mfcc(MfccOptions.AsWritten, CPU, ScalarType.Int32));
        Assert.Contains("Float32 or Float64", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ASampleRateTooLowForTheCoefficientsIsRefusedWithTheReason()
    {
        var mfcc = new Mfcc(MfccOptions.AsWritten with { Coefficients = 30 }, CPU);
        var error = Assert.Throws<ArgumentException>(() => mfcc.Extract(GoldenFeatures.Clip("spA_16k")));
        Assert.Contains("29 mel filters at 16000 Hz", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AFileReadInChunksGivesTheSameBitsWithBoundedMemory(bool normaliseLevel)
    {
        using var folder = new TemporaryFolder();
        var random = new Random(3);
        var sound = new float[32000 * 60];
        for (var i = 0; i < sound.Length; i++)
            sound[i] = (float)(0.3 * (random.NextDouble() - 0.5) * Math.Sin(i / 9000.0));
        WaveFile.Write(folder.File("long.wav"), new AudioClip(sound, 32000));
        var mfcc = new Mfcc(MfccOptions.AsWritten with { LevelNormalisation = normaliseLevel }, CPU);
        using var whole = mfcc.Extract(WaveFile.Read(folder.File("long.wav")));
        using var source = WaveFile.Open(folder.File("long.wav"));
        var before = GC.GetAllocatedBytesForCurrentThread();
        using var chunked = mfcc.Extract(source);
        // The samples alone would need 7.7 MB; chunks and block need far less.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 5_000_000);
        Assert.Equal(whole.bytes.ToArray(), chunked.bytes.ToArray());
    }
}
