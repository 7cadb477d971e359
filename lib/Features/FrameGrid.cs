using System.Numerics;

namespace DeviceId.Features;

/// <summary>Where the frames of a recording lie: the one place that turns milliseconds into samples and counts frames.</summary>
/// <remarks>
/// Frame <c>t</c> covers the samples <c>t Hop .. t Hop + Length - 1</c>. Nothing is padded; samples left over at the end are dropped.
/// </remarks>
/// <param name="Length">Samples in a frame, at least 1.</param>
/// <param name="Hop">Samples from the start of a frame to the start of the next, at least 1.</param>
internal readonly record struct FrameGrid(int Length, int Hop)
{
    /// <summary>The grid of these settings at one sample rate.</summary>
    /// <param name="frameMilliseconds">Duration of a frame (ms).</param>
    /// <param name="rounding">How the duration becomes samples.</param>
    /// <param name="hopFraction">Hop as a part of the frame, in (0, 1]; the product is rounded down.</param>
    /// <param name="sampleRate">Samples per second (Hz).</param>
    /// <exception cref="ArgumentException">The frame would be shorter than 4 samples or longer than 2^24 at this sample rate.</exception>
    public static FrameGrid For(double frameMilliseconds, FrameRounding rounding, double hopFraction, int sampleRate)
    {
        var exact = frameMilliseconds / 1000 * sampleRate;
        if (!(exact is >= 4 and <= 1 << 24))
            throw new ArgumentException(FormattableString.Invariant(
                $"A frame of {frameMilliseconds} ms has {exact:0.#} samples at {sampleRate} Hz: between 4 and 2^24 are possible. Change the frame or resample the recording."));
        var length = rounding == FrameRounding.PowerOfTwo ? 1 << BitOperations.Log2((uint)exact) : (int)Math.Round(exact);
        return new FrameGrid(length, Math.Max(1, (int)(length * hopFraction)));
    }

    /// <summary>Whole frames in a recording: <c>max(0, floor((samples - Length + Hop) / Hop))</c>.</summary>
    /// <param name="samples">Samples of the recording, at least 0.</param>
    public int Frames(long samples) => samples < Length ? 0 : checked((int)((samples - Length) / Hop + 1));

    /// <summary>Samples that so many consecutive frames cover: <c>(frames - 1) Hop + Length</c>, 0 for none.</summary>
    /// <param name="frames">Number of frames, at least 0.</param>
    public long Samples(int frames) => frames == 0 ? 0 : (frames - 1L) * Hop + Length;
}

/// <summary>How a frame's duration becomes a whole number of samples.</summary>
public enum FrameRounding
{
    /// <summary>The nearest whole number, halves to the even one: 30 ms are 480 samples at 16 kHz, 960 at 32 kHz.</summary>
    Nearest,

    /// <summary>
    /// The largest power of two that is not longer, as VOICEBOX <c>melcepst</c> chooses: 30 ms become 256 samples (16 ms) at 16 kHz, 512 at
    /// 32 kHz.
    /// </summary>
    PowerOfTwo,
}
