using DeviceId.Data;
using static TorchSharp.torch;

namespace DeviceId.Tests.Data;

[Collection(TensorCollection.Name)]
public sealed class FrameSelectionTests
{
    [Fact]
    public void SpeechIsLouderThanTheMidpointOfTheTenthAndNinetiethPercentileAndPausesAreTheRest()
    {
        using var scope = NewDisposeScope();
        // c0 is 0 to 10 in another order, and once 1000: the percentiles of the 12 values are 1.1 and 9.9, their midpoint 5.5, whatever the
        // maximum is. The second column would select other frames.
        float[] loudness = [3, 10, 0, 7, 1, 8, 1000, 2, 6, 9, 5, 4];
        var frames = stack([tensor(loudness), arange(12, ScalarType.Float32)], 1);
        Assert.Equal([1, 3, 5, 6, 8, 9], Rows(FrameSelection.Speech));
        Assert.Equal([0, 2, 4, 7, 10, 11], Rows(FrameSelection.Pauses));
        Assert.Equal(Enumerable.Range(0, 12).Select(i => (float)i), Rows(FrameSelection.All));

        float[] Rows(FrameSelection selection) => [.. FrameSelections.Select(frames, selection).select(1, 1).data<float>()];
    }

    [Theory]
    [InlineData(FrameSelection.All)]
    [InlineData(FrameSelection.Speech)]
    [InlineData(FrameSelection.Pauses)]
    public void NoFramesGiveNoFrames(FrameSelection selection)
    {
        using var scope = NewDisposeScope();
        Assert.Equal([0, 5], FrameSelections.Select(empty(0, 5), selection).shape);
    }
}
