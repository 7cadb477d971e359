using DeviceId.Audio;
using DeviceId.Features;
using static TorchSharp.torch;

namespace DeviceId.Reporting;

/// <summary>What a constant channel does to features: the experiment of notebook 10.</summary>
internal static class ChannelTable
{
    public static ResultTable Create(IReadOnlyList<(string Name, FeatureOptions Options)> features, AudioClip clip, AudioClip filtered)
    {
        if (clip.SampleRate != filtered.SampleRate || clip.Samples.Length != filtered.Samples.Length)
            throw new ArgumentException("The filtered recording must have the rate and the length of the other.", nameof(filtered));
        var table = new ResultTable("What a constant channel does to the features", "feature", "columns", "shift (standard deviations)",
            "constant part of the change (%)");
        foreach (var (name, options) in features)
        {
            var (shift, constantShare) = Measure(options, clip, filtered);
            table.Row(name, options.Dimension, new Number(shift, "0.00"), new Number(100 * constantShare, "0"));
        }

        return table.WithNote("The same recording before and after a filter. Shift: how far the filter moves the mean of a column, over "
            + "the column's standard deviation in the recording (root mean square over the columns). Constant part: the share of the "
            + "change, in squares, that is the same in every frame; 100 % is a pure shift, 0 % only scatter.");
    }

    /// <summary>The shift of the means in standard deviations, and the constant share of the change.</summary>
    internal static (double Shift, double ConstantShare) Measure(FeatureOptions options, AudioClip clip, AudioClip filtered)
    {
        using var scope = NewDisposeScope();
        var frames = options.Create(CPU).Extract([clip, filtered]);
        var (before, after) = (frames[0].to(ScalarType.Float64), frames[1].to(ScalarType.Float64));
        if (before.shape[0] < 2)
            throw new ArgumentException("The recording is too short: it needs at least two frames.", nameof(clip));

        // A column that is constant in the recording, such as a band above its upper limit, has no scale of its own.
        var deviation = before.std(0);
        var varying = deviation > 1e-6;
        if (!varying.any().item<bool>())
            return (0, 0);
        var change = ((after - before) / deviation).index_select(1, varying.nonzero().flatten());
        var (mean, total) = (change.mean([0]).square(), change.square().mean([0]));
        var sum = total.sum().item<double>();
        return (mean.mean(new long[] { 0 }).sqrt().item<double>(), sum > 0 ? mean.sum().item<double>() / sum : 0);
    }
}
