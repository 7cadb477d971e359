using System.Numerics;

namespace DeviceId.Features;

/// <summary>Frame length and hop in samples. The only place that converts milliseconds to samples and counts frames.</summary>
/// <remarks>
/// Frame <c>t</c> covers the samples <c>t Hop .. t Hop + Length - 1</c>. There is no padding; samples left over at the end are dropped.
/// </remarks>
/// <param name="Length">Frame length (samples), at least 1.</param>
/// <param name="Hop">Hop between the starts of consecutive frames (samples), at least 1.</param>
internal readonly record struct FrameGrid(int Length, int Hop)
{
    /// <summary>Returns the grid of the given settings at one sampling rate.</summary>
    /// <param name="frameMilliseconds">Duration of a frame (ms).</param>
    /// <param name="rounding">How the duration is rounded to samples.</param>
    /// <param name="hopFraction">Hop as a fraction of the frame length, in (0, 1]; the product is rounded down.</param>
    /// <param name="sampleRate">Sampling rate (Hz).</param>
    /// <exception cref="ArgumentException">The frame would be shorter than 4 samples or longer than 2^24 at this sampling rate.</exception>
    public static FrameGrid For(double frameMilliseconds, FrameRounding rounding, double hopFraction, int sampleRate)
    {
        var exact = frameMilliseconds / 1000 * sampleRate;
        if (!(exact is >= 4 and <= 1 << 24))
        {
            var problem = FormattableString.Invariant($"A frame of {frameMilliseconds} ms has {exact:0.#} samples at {sampleRate} Hz");
            throw new ArgumentException($"{problem}: between 4 and 2^24 are possible. Change the frame length or resample the recording.");
        }

        var length = rounding == FrameRounding.PowerOfTwo ? 1 << BitOperations.Log2((uint)exact) : (int)Math.Round(exact);
        return new FrameGrid(length, Math.Max(1, (int)(length * hopFraction)));
    }

    /// <summary>Number of whole frames in a recording: <c>max(0, floor((samples - Length + Hop) / Hop))</c>.</summary>
    /// <param name="samples">Number of samples, at least 0.</param>
    public int Frames(long samples) => samples < Length ? 0 : checked((int)((samples - Length) / Hop + 1));

    /// <summary>Number of samples that consecutive frames cover: <c>(frames - 1) Hop + Length</c>, 0 for none.</summary>
    /// <param name="frames">Number of frames, at least 0.</param>
    public long Samples(int frames) => frames == 0 ? 0 : (frames - 1L) * Hop + Length;
}
