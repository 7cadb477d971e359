using DeviceId.Features;

namespace DeviceId.Tests.Features;

public sealed class FrameGridTests
{
    [Theory]
    [InlineData("AsWritten", 16000, 480, 240)]
    [InlineData("AsWritten", 32000, 960, 480)]
    [InlineData("AsWritten", 44100, 1323, 661)]
    [InlineData("AsWritten", 22050, 662, 331)]
    [InlineData("Melcepst", 16000, 256, 128)]
    [InlineData("Melcepst", 32000, 512, 256)]
    [InlineData("Melcepst", 8000, 128, 64)]
    [InlineData("Melcepst", 44100, 1024, 512)]
    public void PresetsGiveTheFramesOfVoicebox(string preset, int sampleRate, int length, int hop) =>
        Assert.Equal(new FrameGrid(length, hop), (preset == "Melcepst" ? MfccOptions.Melcepst : MfccOptions.AsWritten).Grid(sampleRate));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(9, 0)]
    [InlineData(10, 1)]
    [InlineData(13, 1)]
    [InlineData(14, 2)]
    [InlineData(18, 3)]
    public void OnlyWholeFramesAreCounted(long samples, int frames) =>
        Assert.Equal(frames, new FrameGrid(10, 4).Frames(samples));

    [Fact]
    public void CountingFramesAndCountingSamplesAreInverse()
    {
        foreach (var grid in new[] { new FrameGrid(10, 4), new FrameGrid(7, 7), new FrameGrid(960, 480), new FrameGrid(5, 1) })
        {
            for (var frames = 1; frames < 50; frames++)
            {
                Assert.Equal(frames, grid.Frames(grid.Samples(frames)));
                Assert.Equal(frames - 1, grid.Frames(grid.Samples(frames) - 1));
            }

            Assert.Equal(0, grid.Samples(0));
        }
    }

    [Theory]
    [InlineData(30, 0.5, 100)]
    [InlineData(1000, 0.5, int.MaxValue)]
    [InlineData(double.NaN, 0.5, 16000)]
    public void AFrameOfTooFewOrTooManySamplesIsRefused(double milliseconds, double hop, int sampleRate)
    {
        var error = Assert.Throws<ArgumentException>(() => FrameGrid.For(milliseconds, FrameRounding.Nearest, hop, sampleRate));
        Assert.Contains("Hz: between 4 and 2^24", error.Message, StringComparison.Ordinal);
    }
}
