using DeviceId.Audio;
using DeviceId.Corpora;
using DeviceId.Data;
using DeviceId.Features;
using DeviceId.Reporting;
using static TorchSharp.torch;

namespace DeviceId.Tests.Reporting;

/// <summary>The charts of the tour that show several recordings at once.</summary>
[Collection(TensorCollection.Name)]
public sealed class TourChartTests
{
    private const int Rate = 16_000;

    [Fact]
    public void TheStepsToCepstraStandInRowsAndAFilterShiftsTheCepstraOfEveryFrameAlike()
    {
        var clip = Noise();
        // A filter that doubles the difference of neighbouring samples: high frequencies are raised.
        var bright = clip with { Samples = [.. clip.Samples.Select((s, i) => s - (0.9f * (i > 0 ? clip.Samples[i - 1] : 0)))] };
        var figure = CepstraStepsChart.Draw("steps", ["dull", "bright"], [clip, bright], MfccOptions.AsWritten);
        Assert.Equal((6, 2), (figure.Panels.Count, figure.Columns));
        Assert.Equal(["dull", "bright", "", "", "", ""], figure.Panels.Select(panel => panel.Title));
        Assert.All(figure.Panels, panel => Assert.False(Map(panel).HasScale));
        Assert.Equal(figure.Panels.Take(2).Select(panel => Map(panel).Range).Distinct(), [Map(figure.Panels[0]).Range]);
        Assert.Equal(12, Map(figure.Panels[4]).Values.Length);

        // c1 is the spectral tilt. The recordings are relative to their mean, so the shifts are opposite; rounded to 2 decimals.
        var (dull, other) = (Map(figure.Panels[4]).Values[0], Map(figure.Panels[5]).Values[0]);
        Assert.Equal(dull.Average(), -other.Average(), 0.02);
        Assert.All(dull.Zip(other), pair => Assert.True(pair.First > pair.Second));
    }

    [Fact]
    public void NamesAndRecordingsMustBeEqualInNumber() => Assert.Throws<ArgumentException>(
        () => CepstraStepsChart.Draw("steps", ["one", "two"], [Noise()], MfccOptions.AsWritten));

    [Fact]
    public void RecordingsOnALineLieOnTheFirstPrincipalComponent()
    {
        using var samples = Samples([0, 0, 1, 1, 3, 3]);
        var (points, shares) = SupervectorPlaneChart.Project(samples);
        Assert.Equal(1, shares[0], 1e-9);
        Assert.Equal(0, shares[1], 1e-9);
        // Means at 0, 1 and 3 times (3, 4), of length 5: distances 5 and 10 along the line; rounded to 4 decimals.
        Assert.Equal(5, Math.Abs(points[1].X - points[0].X), 2e-4);
        Assert.Equal(10, Math.Abs(points[2].X - points[1].X), 2e-4);
        Assert.All(points, point => Assert.Equal(0, point.Y, 1e-4));
        var figure = SupervectorPlaneChart.Draw("plane", [("as recorded", samples), ("again", samples)]);
        Assert.Equal(["as recorded", "again"], figure.Panels.Select(panel => panel.Title));
        Assert.Equal(["Apple", "Xiaomi"], figure.Legend.Select(mark => mark.Name));
    }

    [Fact]
    public void SupervectorsOfAPhoneAreItsFirstSampleAndTheMeanOfAllOnOneScale()
    {
        using var samples = Samples([0, 0, 1, 3, 3, 9]);
        var figure = SupervectorMapsChart.Draw("maps", samples, ["xiaomi8"], components: 1);
        Assert.Equal(["xiaomi8: one second", "xiaomi8: mean of its 4 samples"], figure.Panels.Select(panel => panel.Title));
        // One component of two coefficients: (3, 4) times 1, and times the mean of 1, 3, 3 and 9.
        Assert.Equal([3.0, 4.0], Map(figure.Panels[0]).Values.Select(row => row[0]));
        Assert.Equal([12.0, 16.0], Map(figure.Panels[1]).Values.Select(row => row[0]));
        Assert.Equal(Map(figure.Panels[0]).Range, Map(figure.Panels[1]).Range);
    }

    private static HeatMapMark Map(Panel panel) => Assert.IsType<HeatMapMark>(Assert.Single(panel.Marks));

    private static AudioClip Noise()
    {
        var random = new Random(1);
        return new AudioClip([.. Enumerable.Range(0, Rate).Select(_ => (float)(random.NextDouble() - 0.5))], Rate);
    }

    /// <summary>Two samples of each of three recordings, whose supervectors are (3, 4) times a factor.</summary>
    private static TrainDataset Samples(float[] factors)
    {
        Recording[] recordings =
        [
            new("a.wav", "IPHONE6", "1", "a", Rate, 1), new("b.wav", "xiaomi8", "1", "b", Rate, 1),
            new("c.wav", "xiaomi8", "2", "c", Rate, 1),
        ];
        using var scale = tensor(factors).unsqueeze(1);
        using var direction = tensor(new float[] { 3, 4 }).unsqueeze(0);
        return new TrainDataset(scale.mm(direction), zeros(6, 1, 1), tensor(new long[] { 0, 0, 1, 1, 1, 1 }), [0, 0, 1, 1, 2, 2],
            ["IPHONE6", "xiaomi8"], recordings);
    }
}
