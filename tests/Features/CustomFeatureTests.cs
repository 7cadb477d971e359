using DeviceId.Audio;
using DeviceId.Data;
using DeviceId.Features;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Tests.Features;

[Collection(TensorCollection.Name)]
public sealed class CustomFeatureTests
{
    private static readonly AudioClip Ramp = new([.. Enumerable.Range(0, 4000).Select(i => i / 4000f)], 8000);

    [Fact]
    public void TheFunctionReceivesEveryFrameOnceAndItsColumnsFollowTheCepstra()
    {
        using var scope = NewDisposeScope();
        var peak = new CustomFeature("peak v1", columns: 2, frames => stack([frames.amax([1]), frames.amin([1])], 1));
        var options = new FrontEndOptions().With(peak);
        Assert.Empty(options.Problems());
        Assert.Equal((41, 39, 2), (options.Columns, options.Shape(3).Coefficients, options.Shape(3).FurtherColumns));
        var features = options.CreateFeatures(CPU).Extract([Ramp])[0];
        var grid = options.Grid(8000);
        var frames = grid.Frames(Ramp.Samples.Length);
        Assert.Equal([frames, 41], features.shape);
        Assert.True(features.narrow(1, 0, 39).Equals(new Mfcc(MfccOptions.AsWritten, CPU).Extract(Ramp)));
        // In a frame of a ramp the first sample is the smallest and the last the largest.
        var extrema = features.narrow(1, 39, 2).data<float>().ToArray();
        for (var t = 0; t < frames; t++)
        {
            Assert.Equal(Ramp.Samples[t * grid.Hop + grid.Length - 1], extrema[2 * t]);
            Assert.Equal(Ramp.Samples[t * grid.Hop], extrema[2 * t + 1]);
        }
    }

    [Fact]
    public void TheBackgroundModelUsesTheSelectedFeature()
    {
        var level = new CustomFeature("level v1", columns: 3, frames => frames.abs().mean([1], keepdim: true).repeat(1, 3));
        var options = new FrontEndOptions { Features = [level, MfccOptions.AsWritten], BackgroundFeature = 1 };
        Assert.Equal((3, 39), options.BackgroundColumns);
        Assert.Equal(39, options.Shape(2).Coefficients);
        Assert.NotEqual(Json.WriteKey(options), Json.WriteKey(options with { BackgroundFeature = 0 }));
    }

    [Fact]
    public void AResultOfAnotherShapeThanDeclaredIsRefusedByName()
    {
        var wrong = new CustomFeature("wrong v1", columns: 2, frames => frames.mean([1], keepdim: true));
        var error = Assert.Throws<ArgumentException>(() => wrong.Create(CPU).Extract([Ramp]));
        Assert.Contains("'wrong v1'", error.Message, StringComparison.Ordinal);
        Assert.Contains("not (", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFeatureReadFromAFileHasItsNameAndCannotBeComputed()
    {
        FeatureOptions original = new CustomFeature("mine v1", columns: 1, frames => frames.mean([1], keepdim: true));
        var read = Json.Read<FeatureOptions>(Json.Write(original));
        Assert.Equal(Json.Write(original), Json.Write(read));
        Assert.Contains("The feature 'mine v1' is defined in a notebook cell",
            Assert.Throws<OptionsException>(() => read.Create(CPU)).Message, StringComparison.Ordinal);
    }
}
