using DeviceId.Data;
using DeviceId.Features;
using DeviceId.Foundation;

namespace DeviceId.Tests.Data;

public sealed class FrontEndOptionsTests
{
    [Fact]
    public void TheDefaultsCanBeUsedAndSurviveJson()
    {
        var options = new FrontEndOptions();
        Assert.Empty(options.Problems());
        Assert.Equal(Json.Write(options), Json.Write(Json.Read<FrontEndOptions>(Json.Write(options))));
        Assert.Equal(SampleShape.AsWritten, options.Shape(45));
    }

    [Fact]
    public void RemovalOfFileFactsIsWrittenOnlyWhereItIsUsed()
    {
        Assert.DoesNotContain("ditherBits", Json.Write(new FrontEndOptions()), StringComparison.Ordinal);
        var without = new FrontEndOptions().WithoutFileFacts(maxSeconds: 3);
        Assert.Empty(without.Problems());
        Assert.Equal(without.Normalisation, Json.Read<FrontEndOptions>(Json.Write(without)).Normalisation);
    }

    public static TheoryData<FrontEndOptions, string> Unusable => new()
    {
        { new FrontEndOptions { Features = [] }, "Features is empty" },
        { new FrontEndOptions { BackgroundFeature = 1 }, "BackgroundFeature is 1" },
        { new FrontEndOptions().With(new LogMelOptions { FrameMilliseconds = 20 }), "LogMelOptions does not use the same frames" },
        { new FrontEndOptions().With(new LogMelOptions { Filters = 0 }), "Filters is 0" },
        { new FrontEndOptions { Features = [new LogMelOptions()], Frames = FrameSelection.Speech }, "first feature must be MFCC" },
        { new FrontEndOptions { SampleRate = 1 }, "SampleRate is 1" },
        { new FrontEndOptions { MaxSeconds = 0 }, "MaxSeconds is 0" },
        { new FrontEndOptions { LevelDecibels = 3 }, "LevelDecibels is 3" },
        { new FrontEndOptions { DitherBits = 2 }, "DitherBits is 2" },
        { new FrontEndOptions { TrainingWindows = [] }, "TrainingWindows is empty" },
        { new FrontEndOptions { TrainingWindows = [new(65, 1)] }, "TrainingWindows holds" },
        { new FrontEndOptions { RelevanceFactor = 0 }, "RelevanceFactor is 0" },
    };

    [Theory]
    [MemberData(nameof(Unusable))]
    public void UnusableSettingsAreNamed(FrontEndOptions options, string problem) =>
        Assert.Contains(problem, string.Join('\n', options.Problems()), StringComparison.Ordinal);

    [Fact]
    public void ChangingTheMfccLeavesOtherFeaturesUnchanged()
    {
        var options = new FrontEndOptions().With(new LogMelOptions()).WithMfcc(mfcc => mfcc with { Cmvn = true });
        Assert.Equal([MfccOptions.AsWritten with { Cmvn = true }, new LogMelOptions()], options.Features);
    }

    /// <summary>The samples of a segment, at the recording's own rate, give exactly the segment's frames.</summary>
    [Theory]
    [InlineData(null, 32000)]
    [InlineData(16000, 32000)]
    public void ASegmentHasTheSamplesOfItsFrames(int? rate, int recorded)
    {
        var options = new FrontEndOptions { SampleRate = rate };
        var samples = options.SegmentSamples(recorded);
        Assert.Equal(options.SegmentFrames, options.Grid(rate ?? recorded).Frames((long)samples * (rate ?? recorded) / recorded));
    }
}
