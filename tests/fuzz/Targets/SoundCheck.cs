using DeviceId.Audio;

namespace DeviceId.Fuzz;

/// <summary>Checks every clip that a reader returns.</summary>
internal static class SoundCheck
{
    /// <summary>Choices of channel that every file has.</summary>
    public static ChannelChoice[] Choices { get; } = [ChannelChoice.Speech, ChannelChoice.Mean, ChannelChoice.Number(1)];

    public static void Verify(AudioClip clip, int fileBytes)
    {
        if (clip.SampleRate <= 0 || clip.Samples.Length == 0 || clip.Samples.Length > fileBytes)
            throw new DefectException($"{fileBytes} bytes became {clip.Samples.Length} samples at {clip.SampleRate} Hz");
        if (!clip.Samples.All(float.IsFinite))
            throw new DefectException("a sample is not finite");
    }
}
