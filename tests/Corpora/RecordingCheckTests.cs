using DeviceId.Audio;
using DeviceId.Corpora;

namespace DeviceId.Tests.Corpora;

public sealed class RecordingCheckTests
{
    private const int Rate = 8000;

    [Fact]
    public void TheLevelsOfAToneAreExact()
    {
        // A sine of amplitude 0.5: peak -6.02 dB, root mean square 3.01 dB below that; the second half is silent.
        var clip = new AudioClip([.. Enumerable.Range(0, 2 * Rate)
            .Select(i => i < Rate ? (float)(0.5 * Math.Sin(2 * Math.PI * 100 * i / Rate)) : 0)], Rate);
        var levels = RecordingLevels.Measure(clip);
        Assert.Equal(-6.02, levels.PeakDecibels, 0.01);
        Assert.Equal(-6.02 - 3.01 - 3.01, levels.RmsDecibels, 0.02);
        Assert.Equal(0.5, levels.SilentFraction, 0.011);
        Assert.Equal(0, levels.ClippedFraction);
        Assert.Equal(6.02, levels.CrestDecibels, 0.02);
        // The loud windows have the tone's power, 0.125; the silent ones count as -100 dB.
        Assert.Equal(100 + (10 * Math.Log10(0.125)), levels.ContrastDecibels, 0.1);
        Assert.Equal((0, 0), (RecordingLevels.Measure(new AudioClip(new float[100], Rate)).CrestDecibels,
            RecordingLevels.Measure(new AudioClip(new float[100], Rate)).ContrastDecibels));
        Assert.Equal(double.NegativeInfinity, RecordingLevels.Measure(new AudioClip(new float[100], Rate)).RmsDecibels);
        Assert.Throws<ArgumentException>(() => RecordingLevels.Measure(new AudioClip([], Rate)));
    }

    [Fact]
    public void ClippingIsDetectedByRunsAtThePeakAndNotByAHighPeak()
    {
        var clean = Enumerable.Range(0, Rate).Select(i => (float)(0.97 * Math.Sin(2 * Math.PI * 440.3 * i / Rate))).ToArray();
        Assert.Equal(0, RecordingLevels.Measure(new AudioClip(clean, Rate)).ClippedFraction);
        var clipped = clean.Select(s => Math.Clamp(1.5f * s, -1, 32767 / 32768f)).ToArray();
        // |sin| above 1 / (0.97 x 1.5) for 2 acos(...) / pi of the time.
        var expected = 2 * Math.Acos(1 / (0.97 * 1.5)) / Math.PI;
        Assert.Equal(expected, RecordingLevels.Measure(new AudioClip(clipped, Rate)).ClippedFraction, 0.03);
    }

    [Fact]
    public void EveryProblemIsReportedAndGoodRecordingsHaveNone()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(5);
        void Write(string name, double seconds, int rate = Rate, float gain = 0.3f) =>
            WaveFile.Write(folder.File(name), new AudioClip(
                [.. Enumerable.Range(0, (int)(seconds * rate)).Select(_ => gain * (random.NextSingle() - 0.5f))], rate));
        foreach (var device in new[] { "good", "loud" })
            Directory.CreateDirectory(folder.File(device));
        for (var i = 0; i < 4; i++)
        {
            Write($"good/s{i}.wav", 6);
            Write($"loud/s{i}.wav", 6, gain: i == 0 ? 40 : 0.3f);
        }

        var check = RecordingCheck.Run(DeviceFolders.Open(folder.File("")));
        Assert.Equal(["good", "loud"], check.Devices.Select(d => d.Device));
        Assert.Equal((4, 24.0), (check.Devices[0].Recordings, check.Devices[0].Seconds));
        Assert.Contains("1 of 4 recordings of loud are clipped", Assert.Single(check.Warnings), StringComparison.Ordinal);

        Directory.CreateDirectory(folder.File("rare"));
        Write("rare/s0.wav", 3, rate: 16000);
        File.Copy(folder.File("good/s1.wav"), folder.File("rare/s1.wav"));
        var warnings = string.Join("\n", RecordingCheck.Run(DeviceFolders.Open(folder.File(""))).Warnings);
        Assert.Contains("rare has 2 recordings", warnings, StringComparison.Ordinal);
        Assert.Contains("rare has 9.0 s", warnings, StringComparison.Ordinal);
        Assert.Contains("The same file is under good and rare", warnings, StringComparison.Ordinal);
        Assert.Contains("8000, 16000 Hz", warnings, StringComparison.Ordinal);
        Assert.DoesNotContain("has the same file as", warnings, StringComparison.Ordinal);

        File.Copy(folder.File("good/s1.wav"), folder.File("good/copied.wav"));
        Assert.Contains(RecordingCheck.Run(DeviceFolders.Open(folder.File(""))).Warnings,
            w => w.StartsWith("good has the same file as copied and s1", StringComparison.Ordinal));
    }

    [Fact]
    public void RecordingsOfOnlyOneDeviceAreReported()
    {
        using var folder = new TemporaryFolder();
        FakeCorpus.WriteSound(Path.Combine(folder.Path, "red", "kitchen.wav"), 1);
        Assert.Contains(RecordingCheck.Run(DeviceFolders.Open(folder.Path)).Warnings,
            w => w.Contains("of one device, red", StringComparison.Ordinal));
    }

    [Fact]
    public void TooFewSentencesForTheFoldsAreReportedBeforeTheTraining()
    {
        using var folder = new TemporaryFolder();
        foreach (var (name, i) in new[] { "red/kitchen", "red/hall", "blue/kitchen", "blue/hall" }.Select((name, i) => (name, i)))
            FakeCorpus.WriteSound(folder.File(name + ".wav"), i);
        IEnumerable<string> FoldWarnings(int folds) =>
            RecordingCheck.Run(DeviceFolders.Open(folder.Path), folds: folds).Warnings
                .Where(w => w.StartsWith("The training would stop", StringComparison.Ordinal));
        Assert.Empty(FoldWarnings(0));
        Assert.Empty(FoldWarnings(2));
        Assert.Contains(
            "there are 2, too few for 3 folds. Record more sentences or sessions of each device, or divide into fewer folds (--folds 2)",
            Assert.Single(FoldWarnings(3)), StringComparison.Ordinal);
        // With a third sentence of one device there are enough sentences, but the only sentence of blue may be held out.
        FakeCorpus.WriteSound(folder.File("red/garden.wav"), 5);
        File.Delete(folder.File("blue/hall.wav"));
        Assert.Contains("device 'blue' has no training recordings", Assert.Single(FoldWarnings(3)), StringComparison.Ordinal);
    }
}
