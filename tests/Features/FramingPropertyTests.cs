using CsCheck;
using DeviceId.Features;

namespace DeviceId.Tests.Features;

/// <summary>What holds for every length of frame, hop and recording.</summary>
public sealed class FramingPropertyTests
{
    [Fact]
    public void AsManyFramesAsFitAndNotOneMore() =>
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
