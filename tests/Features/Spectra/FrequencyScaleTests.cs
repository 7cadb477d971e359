using DeviceId.Data;
using DeviceId.Features;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Tests.Features;

/// <summary>Linear and Bark filter banks: LFCC and BFCC.</summary>
[Collection(TensorCollection.Name)]
public sealed class FrequencyScaleTests
{
    [Fact]
    public void AScaleLeavesNoTraceInTheSettingsAndTheDescriptionOfMfcc()
    {
        Assert.DoesNotContain("scale", Json.WriteKey(MfccOptions.AsWritten), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("scale", new Mfcc(MfccOptions.AsWritten, CPU).Description, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(MfccOptions.AsWritten, MfccOptions.AsWritten with { Scale = FrequencyScale.Mel });
        Assert.Contains("\"scale\":\"linear\"", Json.WriteKey(MfccOptions.Lfcc), StringComparison.Ordinal);
        Assert.Equal(MfccOptions.Bfcc, Json.Read<MfccOptions>(Json.Write(MfccOptions.Bfcc)));
        Assert.NotEqual(new Mfcc(MfccOptions.Lfcc, CPU).Description, new Mfcc(MfccOptions.Bfcc, CPU).Description);
        Assert.Contains("Scale is 9", Assert.Single((MfccOptions.AsWritten with { Scale = (FrequencyScale)9 }).Problems()),
            StringComparison.Ordinal);
    }

    [Fact]
    public void TheFrontEndTakesLfccWhereItTakesMfcc() =>
        Assert.Empty((new FrontEndOptions { Features = [MfccOptions.Lfcc], Frames = FrameSelection.Pauses }).Problems());

    [Fact]
    public void CentresAreEquallySpacedOnTheScale()
    {
        var linear = new FilterBank(31, 960, 32000, scale: FrequencyScale.Linear);
        var bark = new FilterBank(31, 960, 32000, scale: FrequencyScale.Bark);
        for (var filter = 0; filter < 31; filter++)
        {
            Assert.Equal(500 * (filter + 1), linear.CentreHertz(filter), 1e-9);
            var expected = 6 * Math.Asinh(16000.0 / 600) * (filter + 1) / 32;
            Assert.Equal(expected, 6 * Math.Asinh(bark.CentreHertz(filter) / 600), 1e-9);
        }

        Assert.Equal(1234.5, FrequencyScale.Bark.ToHertz(FrequencyScale.Bark.FromHertz(1234.5)), 1e-9);
        // One Bark near 100 Hz is about 100 Hz wide (E. Zwicker).
        Assert.Equal(1, FrequencyScale.Bark.FromHertz(150) - FrequencyScale.Bark.FromHertz(50), 0.05);
    }

    /// <summary>Tolerance: float32 of logarithms up to 90 and of their sums.</summary>
    [Theory]
    [InlineData(FrequencyScale.Linear)]
    [InlineData(FrequencyScale.Bark)]
    public void CepstraAgreeWithAPlainProgram(FrequencyScale scale)
    {
        const int Rate = 8000, Length = 240, Filters = 24;
        double Bark(double hertz) => Math.Log(hertz / 600 + Math.Sqrt(hertz * hertz / 360000 + 1)); // but for the factor 6
        double Position(double hertz) => scale == FrequencyScale.Linear ? hertz : Bark(hertz);
        var clip = SlowFeatures.Bursts(1200);
        var magnitudes = SlowFeatures.Powers(SlowFeatures.Frames(clip, Length, 120), Length)
            .Select(row => row.Select(Math.Sqrt).ToArray()).ToArray();
        var peak = magnitudes.Max(row => row[1..120].Max());
        double[] Cepstrum(double[] spectrum)
        {
            var outputs = new double[Filters];
            for (var j = 1; j <= Filters; j++)
            {
                for (var bin = 1; bin < Length / 2; bin++)
                {
                    var distance = Position(bin * (double)Rate / Length) / Position(Rate / 2.0) * (Filters + 1) - j;
                    outputs[j - 1] += 2 * Math.Max(0, 1 - Math.Abs(distance)) * spectrum[bin];
                }
            }

            return SlowFeatures.Dct([.. outputs.Select(y => Math.Log(Math.Max(y, 1e-10 * peak)))], 13);
        }

        var options = MfccOptions.AsWritten with { Scale = scale, Filters = Filters, Deltas = false };
        Assert.InRange(SlowFeatures.MaxDifference([.. magnitudes.Select(Cepstrum)], SlowFeatures.Extract(options, clip)), 0, 1e-4);
    }

    /// <summary>
    /// A constant channel is kept: the means differ by the cepstrum of its response at the centres. The response is smooth, and a linear
    /// filter 500 Hz wide averages it: 0.02 in each log output, times the root of the number of filters.
    /// </summary>
    [Theory]
    [InlineData(FrequencyScale.Mel)]
    [InlineData(FrequencyScale.Linear)]
    [InlineData(FrequencyScale.Bark)]
    public void AConstantChannelAddsItsCepstrum(FrequencyScale scale)
    {
        var options = MfccOptions.AsWritten with { Scale = scale, Filters = 20, Deltas = false };
        var clip = SlowFeatures.Noise(16000);
        var difference = SlowFeatures.Means(SlowFeatures.Extract(options, SlowFeatures.Channel(clip, 0.5)))
            .Zip(SlowFeatures.Means(SlowFeatures.Extract(options, clip)), (with, without) => with - without).ToArray();
        var responses = options.FiltersFor(8000).CentreHertz.Select(f => SlowFeatures.LogResponse(0.5, 2 * Math.PI * f / 8000)).ToArray();
        Assert.InRange(SlowFeatures.MaxDifference(SlowFeatures.Dct(responses, 13), difference), 0, 0.1);
        Assert.True(Math.Abs(difference[1]) > 0.5, "the channel has a cepstrum that the test could miss");
    }
}
