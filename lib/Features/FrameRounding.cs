namespace DeviceId.Features;

/// <summary>How a frame's duration becomes a whole number of samples.</summary>
public enum FrameRounding
{
    /// <summary>The nearest whole number, halves to the even one: 30 ms are 480 samples at 16 kHz, 960 at 32 kHz.</summary>
    Nearest,

    /// <summary>The largest power of two that is not longer, as VOICEBOX <c>melcepst</c> chooses: 30 ms become 256 samples (16 ms) at 16 kHz, 512 at 32 kHz.</summary>
    PowerOfTwo,
}
