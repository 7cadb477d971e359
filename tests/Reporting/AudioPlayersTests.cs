using System.Text.RegularExpressions;
using DeviceId.Audio;
using DeviceId.Reporting;

namespace DeviceId.Tests.Reporting;

public sealed partial class AudioPlayersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void EachPlayerContainsAWaveFileOfTheFirstSecondsWithEqualPeaksAtItsOwnRate()
    {
        var quiet = new AudioClip([.. Enumerable.Range(0, 8000).Select(i => 0.01f * MathF.Sin(i))], 8000);
        var loud = new AudioClip([.. Enumerable.Range(0, 1000).Select(i => 0.5f * MathF.Sin(i))], 16000);
        var html = AudioPlayers.Create(["a <b>", "c"], [quiet, loud], 0.5).ToHtml();
        Assert.Contains("a &lt;b&gt;", html, StringComparison.Ordinal);
        var waves = Wave().Matches(html).Select(m => Convert.FromBase64String(m.Groups[1].Value)).ToArray();
        Assert.Equal(2, waves.Length);
        foreach (var (wave, rate, length) in new[] { (waves[0], 8000, 4000), (waves[1], 16000, 1000) })
        {
            File.WriteAllBytes(_folder.File("player.wav"), wave);
            var clip = WaveFile.Read(_folder.File("player.wav"));
            Assert.Equal((rate, length), (clip.SampleRate, clip.Samples.Length));
            // Tolerance: one quantisation step of 16 bits.
            Assert.Equal(0.9, clip.Samples.Max(MathF.Abs), 1.0 / 32768);
        }
    }

    [Fact]
    public void SilenceStaysSilence()
    {
        var html = AudioPlayers.Create(["silence"], [new AudioClip(new float[100], 8000)]).ToHtml();
        File.WriteAllBytes(_folder.File("player.wav"), Convert.FromBase64String(Wave().Match(html).Groups[1].Value));
        Assert.All(WaveFile.Read(_folder.File("player.wav")).Samples, s => Assert.Equal(0, s));
    }

    [Fact]
    public void DurationsOutOfRangeAndMissingClipsAreRefused()
    {
        var clip = new AudioClip([0], 8000);
        Assert.Throws<ArgumentException>(() => AudioPlayers.Create(["a", "b"], [clip]));
        Assert.Throws<ArgumentException>(() => AudioPlayers.Create(["a"], [clip], 0));
        Assert.Throws<ArgumentException>(() => AudioPlayers.Create(["a"], [clip], 31));
        Assert.Throws<ArgumentException>(() => AudioPlayers.Create(["a"], [clip], double.NaN));
    }

    [GeneratedRegex("data:audio/wav;base64,([A-Za-z0-9+/=]+)")]
    private static partial Regex Wave();
}
