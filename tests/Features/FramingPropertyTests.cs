using CsCheck;
using DeviceId.Features;

namespace DeviceId.Tests.Features;

/// <summary>Properties that hold for every frame length, hop and recording length.</summary>
public sealed class FramingPropertyTests
{
    [Fact]
    public void TheNumberOfFramesIsTheLargestThatFits() =>
        Gen.Select(Gen.Int[1, 4096], Gen.Int[1, 4096], Gen.Long[0, 10_000_000]).Sample((length, hop, samples) =>
    {
        var grid = new FrameGrid(length, hop);
        var frames = grid.Frames(samples);
        Assert.True(frames == 0 ? samples < length : grid.Samples(frames) <= samples);
        Assert.True(grid.Samples(frames + 1) > samples);
        Assert.True(frames == 0 || grid.Frames(samples + hop) == frames + 1);
        Assert.Equal(frames, grid.Frames(grid.Samples(frames)));
    });
}
