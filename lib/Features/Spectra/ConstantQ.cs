using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>Log constant-Q spectrum of each frame (nats): ln |X_k| at geometrically spaced frequencies.</summary>
/// <remarks>
/// J. C. Brown, J. Acoust. Soc. Am. 89(1), 1991; for devices T. Qin et al., Information 9(8), 2018, whose settings are not known.
/// <list type="number">
/// <item><c>f_k = low (high / low)^(k / (Bins - 1))</c>, so that <c>B = (Bins - 1) / log2(high / low)</c> bins are in an octave, and
/// <c>Q = 1 / (2^(1 / B) - 1)</c>;</item>
/// <item><c>N_k = ceil(Q fs / f_k)</c>, at most the frame length: below about Q fs / n the resolution is that of the frame;</item>
/// <item><c>X_k = (1 / N_k) sum over j of w[j] x[s_k + j] exp(-2 pi i f_k j / fs)</c>, periodic Hann window w of N_k samples in the middle
/// of the frame, <c>s_k = floor((n - N_k) / 2)</c>;</item>
/// <item>natural logarithm with the floor of the MFCC.</item>
/// </list>
/// The sums are matrix products with the samples, grouped by N_k, so that short filters do not multiply zeros. A constant channel H is
/// kept: it adds ln |H(f_k)|, as far as H is flat within a filter.
/// </remarks>
internal sealed class ConstantQ : FrameTransform
{
    /// <summary>Changes whenever the results change.</summary>
    public const int ArithmeticVersion = 1;

    private readonly List<Group> _groups;
    private readonly int _bins;

    /// <param name="options">Settings.</param>
    /// <param name="sampleRate">Sampling rate (Hz).</param>
    /// <param name="device">Device that computes.</param>
    /// <exception cref="ArgumentException">The frequencies do not fit the sampling rate.</exception>
    public ConstantQ(ConstantQOptions options, int sampleRate, Device device) : base(options.Grid(sampleRate))
    {
        _bins = options.Bins;
        var filters = Filters(options, sampleRate);
        _groups = [];
        for (var first = 0; first < _bins;)
        {
            var longest = filters[first].Length;
            var count = filters.Skip(first).TakeWhile(filter => 2 * filter.Length > longest).Count();
            var start = (Grid.Length - longest) / 2;
            var waves = Waves(filters[first..(first + count)], start, longest, Grid.Length, sampleRate);
            _groups.Add(new Group(start, Table(waves, device)));
            first += count;
        }
    }

    /// <inheritdoc/>
    public override int Width => _bins;

    /// <summary>Magnitudes |X_k| (frame, frequency).</summary>
    public override Tensor Compute(Tensor frames) => cat([.. _groups.Select(group => Magnitudes(frames, group))], 1);

    /// <inheritdoc/>
    public override Tensor Complete(Tensor columns) => LogMagnitude.Compute(columns);

    /// <summary>Frequency and length of each filter.</summary>
    /// <exception cref="ArgumentException">The frequencies do not fit the sampling rate.</exception>
    public static Filter[] Filters(ConstantQOptions options, int sampleRate)
    {
        var (low, high) = (options.LowHertz, options.HighHertz ?? 0.95 * sampleRate / 2);
        if (!(low < high && high <= sampleRate / 2.0))
            throw new ArgumentException(FormattableString.Invariant(
                $"Frequencies from {low} to {high} Hz do not fit recordings of {sampleRate} Hz, which end at {sampleRate / 2.0} Hz."));
        var ratio = Math.Pow(high / low, 1.0 / (options.Bins - 1));
        var length = options.Grid(sampleRate).Length;
        return [.. Enumerable.Range(0, options.Bins).Select(k => low * Math.Pow(ratio, k))
            .Select(hertz => new Filter(hertz, (int)Math.Min(length, Math.Ceiling(sampleRate / hertz / (ratio - 1)))))];
    }

    /// <summary>Magnitude responses |X_k| to complex exponentials of amplitude 1 at the frequencies of a frame's FFT.</summary>
    public static FilterResponses Responses(ConstantQOptions options, int sampleRate)
    {
        var (filters, length) = (Filters(options, sampleRate), options.Grid(sampleRate).Length);
        var weights = new double[filters.Length, length / 2 + 1];
        for (var k = 0; k < filters.Length; k++)
        {
            using var scope = NewDisposeScope();
            var waves = tensor(Waves([filters[k]], 0, length, length, sampleRate), ScalarType.Float64, CPU);
            var responses = fft.fft_(complex(waves.select(1, 0), waves.select(1, 1))).abs().data<double>().ToArray();
            for (var bin = 0; bin <= length / 2; bin++)
                weights[k, bin] = responses[(length - bin) % length];
        }

        return FilterResponses.Create(filters.Select(filter => filter.Hertz), weights, length, sampleRate);
    }

    private static Tensor Magnitudes(Tensor frames, Group group)
    {
        var parts = frames.narrow(1, group.Start, group.Waves.shape[0]).mm(group.Waves);
        var count = parts.shape[1] / 2;
        return hypot(parts.narrow(1, 0, count), parts.narrow(1, count, count));
    }

    /// <summary>
    /// Cosines, then minus sines, of several filters: (sample, 2 x filter), from sample <paramref name="start"/> of a frame.
    /// </summary>
    private static double[,] Waves(Filter[] filters, int start, int samples, int frameLength, int sampleRate)
    {
        var waves = new double[samples, 2 * filters.Length];
        for (var k = 0; k < filters.Length; k++)
        {
            var (hertz, length) = filters[k];
            var first = (frameLength - length) / 2 - start;
            for (var j = 0; j < length; j++)
            {
                var window = (0.5 - 0.5 * Math.Cos(2 * Math.PI * j / length)) / length;
                var (sin, cos) = Math.SinCos(2 * Math.PI * hertz * j / sampleRate);
                (waves[first + j, k], waves[first + j, filters.Length + k]) = (window * cos, -window * sin);
            }
        }

        return waves;
    }

    /// <summary>One filter.</summary>
    /// <param name="Hertz">Frequency f_k (Hz).</param>
    /// <param name="Length">N_k (samples).</param>
    internal readonly record struct Filter(double Hertz, int Length);

    /// <summary>Filters of similar length.</summary>
    /// <param name="Start">First sample of a frame that they use.</param>
    /// <param name="Waves">(sample, 2 x filter).</param>
    private sealed record Group(int Start, Tensor Waves);
}
