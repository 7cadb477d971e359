namespace DeviceId.Features;

/// <summary>Noise suppression of PNCC from medium-time power.</summary>
/// <remarks>
/// C. Kim, R. M. Stern, IEEE/ACM TASLP 24(7), 2016, for frame m and channel l:
/// <list type="number">
/// <item>Q: mean of P over the frames m - 2 .. m + 2;</item>
/// <item>AF(x)[m] = k AF[m - 1] + (1 - k) x[m] with k = 0.999 if x[m] is at least AF[m - 1], else 0.5; the noise floor is AF(Q), and
/// Q0 = max(Q - AF(Q), 0);</item>
/// <item>temporal masking with the peak Qp[m] = max(0.85 Qp[m - 1], Q0[m]): Qtm = Q0 if Q0 is at least 0.85 Qp[m - 1], else
/// 0.2 Qp[m - 1];</item>
/// <item>R = max(Qtm, AF(Q0)) if Q is at least twice the noise floor, else AF(Q0);</item>
/// <item>S: mean of R / Q over the channels l - 4 .. l + 4;</item>
/// <item>T = S P.</item>
/// </list>
/// Means use the frames and channels that exist. AF starts at 0.9 x[0], and Qp at Q0[0]; what the paper does there was not read.
/// </remarks>
internal static class MediumTimeSuppression
{
    private const int Frames = 2;
    private const int Channels = 4;
    private const double RisingForgetting = 0.999;
    private const double FallingForgetting = 0.5;
    private const double Start = 0.9;
    private const double MaskForgetting = 0.85;
    private const double MaskedShare = 0.2;
    private const double ExcitationRatio = 2;

    /// <summary>Returns T.</summary>
    /// <param name="powers">P (frame, channel).</param>
    /// <param name="frames">Number of frames, at least 1.</param>
    /// <param name="channels">Number of channels.</param>
    public static double[] Apply(double[] powers, int frames, int channels)
    {
        var gains = new double[powers.Length];
        var (frame, medium) = (new double[frames], new double[frames]);
        for (var channel = 0; channel < channels; channel++)
        {
            for (var m = 0; m < frames; m++)
                frame[m] = powers[m * channels + channel];
            for (var m = 0; m < frames; m++)
                medium[m] = Mean(frame, m - Frames, m + Frames);
            var kept = Suppress(medium);
            for (var m = 0; m < frames; m++)
                gains[m * channels + channel] = medium[m] > 0 ? kept[m] / medium[m] : 0;
        }

        var suppressed = new double[powers.Length];
        for (var m = 0; m < frames; m++)
            for (var channel = 0; channel < channels; channel++)
                suppressed[m * channels + channel] = powers[m * channels + channel]
                    * Mean(gains.AsSpan(m * channels, channels), channel - Channels, channel + Channels);
        return suppressed;
    }

    /// <summary>Steps 2 to 4 for one channel: Q to R.</summary>
    private static double[] Suppress(double[] medium)
    {
        var floor = LowerEnvelope(medium);
        var excess = medium.Zip(floor, (q, f) => Math.Max(q - f, 0)).ToArray();
        var excessFloor = LowerEnvelope(excess);
        var kept = new double[medium.Length];
        var peak = excess[0];
        for (var m = 0; m < medium.Length; m++)
        {
            var faded = MaskForgetting * peak;
            var masked = m == 0 || excess[m] >= faded ? excess[m] : MaskedShare * peak;
            peak = Math.Max(faded, excess[m]);
            kept[m] = medium[m] >= ExcitationRatio * floor[m] ? Math.Max(masked, excessFloor[m]) : excessFloor[m];
        }

        return kept;
    }

    /// <summary>AF: rises slowly and falls fast.</summary>
    private static double[] LowerEnvelope(double[] values)
    {
        var envelope = new double[values.Length];
        var previous = Start * values[0];
        for (var m = 0; m < values.Length; m++)
        {
            var forgetting = values[m] >= previous ? RisingForgetting : FallingForgetting;
            previous = envelope[m] = forgetting * previous + (1 - forgetting) * values[m];
        }

        return envelope;
    }

    private static double Mean(ReadOnlySpan<double> values, int first, int last)
    {
        (first, last) = (Math.Max(first, 0), Math.Min(last, values.Length - 1));
        var sum = 0.0;
        for (var i = first; i <= last; i++)
            sum += values[i];
        return sum / (last - first + 1);
    }
}
