using DeviceId.Data;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Tests.Data;

[Collection(TensorCollection.Name)]
public sealed class SegmentationTests
{
    public SegmentationTests() => ComputeDevice.Load();

    [Fact]
    public void PlainSegmentsFollowOneAnotherAndTheRestIsDropped()
    {
        using var scope = NewDisposeScope();
        var (segments, recordingOf) = Segmentation.Cut([Ramp(10), Ramp(7)], 4, [new(4, 4)]);
        Assert.Equal([3L, 4, 2], segments.shape);
        Assert.Equal([0, 0, 1], recordingOf);
        Assert.Equal([4f, 5, 6, 7], Column(segments[1]));
        Assert.Equal([0f, 1, 2, 3], Column(segments[2]));
    }

    [Fact]
    public void OverlappingWindowsStartAHopApart()
    {
        using var scope = NewDisposeScope();
        var (segments, _) = Segmentation.Cut([Ramp(8)], 4, [new(4, 2)]);
        Assert.Equal([0f, 2, 4], Enumerable.Range(0, 3).Select(i => Column(segments[i])[0]));
    }

    [Fact]
    public void AShortWindowIsRepeatedUntilItFillsASegment()
    {
        using var scope = NewDisposeScope();
        var (segments, _) = Segmentation.Cut([Ramp(6)], 5, [new(2, 4)]);
        Assert.Equal([0f, 1, 0, 1, 0], Column(segments[0]));
        Assert.Equal([4f, 5, 4, 5, 4], Column(segments[1]));
    }

    [Fact]
    public void AShortRecordingIsRepeatedAndAnEmptyOneGivesNoSample()
    {
        using var scope = NewDisposeScope();
        var (segments, recordingOf) = Segmentation.Cut([Ramp(0), Ramp(3)], 5, [new(5, 5)]);
        Assert.Equal([1], recordingOf);
        Assert.Equal([0f, 1, 2, 0, 1], Column(segments[0]));
    }

    [Fact]
    public void OnlyEmptyRecordingsGiveAnEmptyTensorOfTheRightShape()
    {
        using var scope = NewDisposeScope();
        Assert.Equal([0L, 5, 2], Segmentation.Cut([Ramp(0)], 5, [new(5, 5)]).Segments.shape);
    }

    [Fact]
    public void StandardisedValuesHaveZeroMeanAndUnitVarianceAndConstantOnesStayFinite()
    {
        using var scope = NewDisposeScope();
        var samples = tensor(new float[,] { { 1, 10, 5 }, { 3, 30, 5 }, { 5, 50, 5 } });
        using var perValue = Standardiser.Fit(samples, [0], [0], 1e-6f);
        var standardised = perValue.ApplyInPlace(samples.clone());
        // (1, 3, 5) has mean 3 and standard deviation sqrt(8/3); single precision: 1e-6.
        Assert.Equal(-2 / Math.Sqrt(8 / 3.0), standardised[0, 1].item<float>(), 1e-6);
        Assert.Equal(0, standardised[2, 2].item<float>(), 1e-6);

        using var common = Standardiser.Fit(samples, [0], [0, 1], 1e-6f);
        var ratio = common.ApplyInPlace(samples.clone())[0, 1].item<float>() / common.ApplyInPlace(samples.clone())[0, 0].item<float>();
        Assert.Equal(10, ratio, 1e-4);
    }

    private static Tensor Ramp(int frames) => arange(frames, dtype: ScalarType.Float32).unsqueeze(1).repeat(1, 2);

    private static float[] Column(Tensor segment) => segment[TensorIndex.Colon, 0].contiguous().data<float>().ToArray();
}
