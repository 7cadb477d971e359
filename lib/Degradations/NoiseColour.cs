namespace DeviceId.Degradations;

/// <summary>How a noise's power lies over frequency.</summary>
public enum NoiseColour
{
    /// <summary>The same in every hertz.</summary>
    White,

    /// <summary>The same in every octave (1/f), from 20 Hz up: nearer to rooms, traffic and machines.</summary>
    Pink,
}
