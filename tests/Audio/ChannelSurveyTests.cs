using DeviceId.Audio;
using DeviceId.Foundation;

namespace DeviceId.Tests.Audio;

public sealed class ChannelSurveyTests
{
    private const int Rate = 16_000;
    private const int Frames = 4 * Rate;

    [Fact]
    public void TheFirstOfTwoEqualChannelsIsTakenWithoutAWarning()
    {
        var finding = Survey(Speech(1, 0.2, 0), Speech(1, 0.2, 0));
        Assert.Equal((0, "channel 1 of 2", null), (finding.Channel, finding.Words, finding.Warning));
    }

    [Fact]
    public void ConstantClickedAndDitheredChannelsAreNotTaken()
    {
        var speech = Speech(1, 0.1, 0);
        var click = new float[Frames];
        click[Frames / 2] = 1;
        var random = new SplitMix64(3);
        float[] dither = [.. Enumerable.Range(0, Frames).Select(_ => (random.Below(3) - 1) / 32768f)];
        foreach (var bad in new[] { new float[Frames], [.. Enumerable.Repeat(0.3f, Frames)], click, dither })
            Assert.Equal(1, Survey(bad, speech).Channel);
    }

    [Fact]
    public void ASteadyHumIsNotTakenHoweverLoudItIs()
    {
        float[] hum = [.. Enumerable.Range(0, Frames).Select(i => (float)(0.5 * Math.Sin(2 * Math.PI * 100 * i / Rate)))];
        var finding = Survey(hum, Speech(1, 0.02, 0));
        Assert.Equal(1, finding.Channel);
        Assert.Contains("channel 1 is steady", finding.Words, StringComparison.Ordinal);
    }

    [Fact]
    public void TwoSpeakersLeftAndRightArePointedOut()
    {
        var finding = Survey(Speech(1, 0.2, 0), Speech(2, 0.2, Rate / 4));
        Assert.Equal(0, finding.Channel);
        Assert.Contains("--channel each", finding.Warning, StringComparison.Ordinal);
    }

    [Fact]
    public void AChannelThatDoesNotExistIsRefused() =>
        Assert.Contains("channel 3", Assert.Throws<AudioException>(() => ChannelPick.Of("x", ChannelChoice.Number(3), 2)).Reason,
            StringComparison.Ordinal);

    /// <summary>Noise that is loud for a quarter of a second and 50 dB weaker for the next.</summary>
    private static float[] Speech(ulong seed, double amplitude, int delay)
    {
        var random = new SplitMix64(seed);
        return [.. Enumerable.Range(0, Frames).Select(i =>
            (float)(random.Uniform(-amplitude, amplitude) * ((i + delay) / (Rate / 4) % 2 == 0 ? 1 : 0.003)))];
    }

    private static ChannelFinding Survey(float[] left, float[] right)
    {
        var survey = new ChannelSurvey(2, Rate);
        var samples = new float[2 * Frames];
        for (var i = 0; i < Frames; i++)
            (samples[2 * i], samples[(2 * i) + 1]) = (left[i], right[i]);
        // Blocks that do not end with a window.
        for (var first = 0; first < samples.Length; first += 2002)
            survey.Add(samples.AsSpan(first, Math.Min(2002, samples.Length - first)));
        return survey.Choose();
    }
}
