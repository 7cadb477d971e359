using DeviceId.Audio;
using DeviceId.Data;
using DeviceId.Identification;
using static TorchSharp.torch;

namespace DeviceId.Tests.Identification;

/// <summary>Identification of recordings that arrive in blocks.</summary>
[Collection(TensorCollection.Name)]
[Trait("Speed", "Slow")]
public sealed class IdentificationStreamTests(SmallModel small, ITestOutputHelper output) : IClassFixture<SmallModel>
{
    private const int Rate = 16_000;

    [Fact]
    public void ARecordingOfOneBlockHasTheScoresOfTheWholeToTheLastBit()
    {
        var clip = Long(20);
        var (whole, stream) = (Whole(clip), Stream(clip, 5000));
        Assert.Equal(whole.Rows, stream.Rows);
        Assert.Equal(whole.Spectrum, stream.Spectrum);
    }

    [Fact]
    public void ALongRecordingHasTheScoresOfTheWhole()
    {
        var clip = Long(200);
        var (whole, stream) = (Whole(clip), Stream(clip, 5000));
        AssertClose(whole, stream);
        // The samples after the last whole segment are not used, as in the whole.
        Assert.Equal((int)(200 / stream.SegmentSeconds), stream.Rows.Count);
        Assert.Equal(200, stream.Seconds);
    }

    [Theory]
    [InlineData(Rate)]
    [InlineData(22_050)]
    public void TheDivisionIntoBlocksDoesNotMatter(int rate)
    {
        var clip = Resampler.Resample(Long(130), rate);
        var expected = Stream(clip, clip.Samples.Length);
        foreach (var size in new[] { 777, 100_000 })
        {
            var stream = Stream(clip, size);
            Assert.Equal(expected.Rows, stream.Rows);
            Assert.Equal(expected.Spectrum, stream.Spectrum);
        }
    }

    [Fact]
    public void DigitalSilenceBeforeTheLoudestBlockNeedsASecondPass()
    {
        var sound = Long(120);
        var clip = sound with { Samples = [.. new float[70 * Rate], .. sound.Samples.Select(s => s / 2), .. new float[70 * Rate]] };
        var stream = new IdentificationStream(small.Model, Rate, withSpectrum: true);
        stream.Push(clip.Samples);
        Assert.False(stream.EndPass());
        stream.Push(clip.Samples);
        Assert.True(stream.EndPass());
        AssertClose(Whole(clip), stream.Finish());
    }

    [Fact]
    public void AFileIsIdentifiedLikeItsClip()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("long.wav");
        WaveFile.Write(path, Long(100));
        var clip = AudioFile.Read(path);
        var questioned = QuestionedRecording.Identify(small.Model, path);
        Assert.Equal(small.Model.Identify(clip).Candidates, questioned.Identification.Candidates);
        Assert.Equal(small.Model.Spectrum(clip), questioned.Spectrum, (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.Equal(RecordingStatistics.Measure(path, clip), questioned.Statistics);
        Assert.Equal(DeviceId.Foundation.ContentHash.HashFile(path), questioned.Hash);
    }

    [Fact]
    public void MemoryDoesNotGrowWithTheRecording()
    {
        var block = Resampler.Resample(Long(4), 48_000).Samples;
        using var meter = new StatisticsMeter(48_000);
        var stream = new IdentificationStream(small.Model, 48_000, withSpectrum: true);
        long atStart = 0, most = 0;
        // 20 minutes; the first two fill the buffers.
        for (var i = 0; i < 300; i++)
        {
            meter.Add(block);
            stream.Push(block);
            if (i == 30)
                atStart = Environment.WorkingSet;
            most = Math.Max(most, Environment.WorkingSet);
        }

        Assert.True(stream.EndPass());
        Assert.Equal(1250, stream.Finish().Rows.Count, 5.0);
        output.WriteLine($"{atStart >> 20} MB after two minutes, at most {most >> 20} MB");
        // 18 minutes are 207 MB at 48 kHz and 69 MB at 16 kHz. 31 MB of spectra, and garbage of a few blocks of 4 MB.
        Assert.InRange(most - atStart, long.MinValue, 120L << 20);
    }

    private static void AssertClose(RecordingScores whole, RecordingScores stream)
    {
        Assert.Equal(whole.Rows.Count, stream.Rows.Count);
        // Matrix products of other sizes sum in another order: float32 rounding of features and layers.
        for (var i = 0; i < whole.Rows.Count; i++)
            Assert.Equal(whole.Rows[i], stream.Rows[i], (a, b) => Math.Abs(a - b) < 1e-4);
        Assert.Equal(whole.Spectrum, stream.Spectrum, (a, b) => Math.Abs(a - b) < 1e-5);
    }

    /// <summary>The scores of the whole recording at once.</summary>
    private RecordingScores Whole(AudioClip clip)
    {
        using var scope = NewDisposeScope();
        using SampleBatch samples = small.Model.FrontEnd.Transform(clip);
        var scores = small.Model.Network.Scores(samples);
        return new RecordingScores(
            [.. scores.data<float>().ToArray().Chunk(small.Model.Facts.Devices.Count)], small.Model.Spectrum(clip), 0, 0);
    }

    private RecordingScores Stream(AudioClip clip, int size)
    {
        var stream = new IdentificationStream(small.Model, clip.SampleRate, withSpectrum: true);
        do
        {
            foreach (var block in clip.Samples.Chunk(size))
                stream.Push(block);
        }
        while (!stream.EndPass());
        return stream.Finish();
    }

    /// <summary>The questioned recordings one after the other, repeated to a length.</summary>
    private AudioClip Long(int seconds)
    {
        float[] all = [.. small.Recordings.SelectMany(r => AudioFile.Read(r.Path).Samples)];
        return new AudioClip([.. Enumerable.Range(0, seconds * Rate).Select(i => all[i % all.Length])], Rate);
    }
}
