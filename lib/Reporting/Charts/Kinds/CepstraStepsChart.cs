using DeviceId.Audio;
using DeviceId.Features;
using static TorchSharp.torch;

namespace DeviceId.Reporting;

/// <summary>The beginning of several recordings side by side: spectrogram, mel bands, and cepstra, one below the other.</summary>
internal static class CepstraStepsChart
{
    private const double Seconds = 1.5;
    private const int SpectrogramRows = 96;
    private const double SpectrogramDecibels = 80;
    private const double BandNats = 9;
    private const double MaxDeviations = 3;
    private const int RowPixels = 180;

    public static Figure Draw(string title, IReadOnlyList<string> names, IReadOnlyList<AudioClip> clips, MfccOptions options)
    {
        if (names.Count != clips.Count || clips.Count == 0)
            throw new ArgumentException($"There are {names.Count} names for {clips.Count} clips.", nameof(names));
        using var scope = NewDisposeScope();
        IReadOnlyList<AudioClip> parts = [.. clips.Select(Beginning)];
        Row[] rows =
        [
            Loudness("frequency (kHz)", [.. parts.Select(clip => Spectrogram(clip, options))], SpectrogramDecibels) with
            {
                Ticks = KilohertzTicks(parts[0].SampleRate),
            },
            Loudness("mel band", [.. parts.Select(clip => Bands(clip, options))], BandNats),
            Cepstra(parts, options),
        ];
        var panels = rows.SelectMany((row, r) => row.Maps.Select((map, c) => Part(
            row, map, Times(parts[c], options), title: r == 0 ? names[c] : "", isFirst: c == 0, isLast: r == rows.Length - 1)));
        return new Figure(title, [.. panels], rows.Length * RowPixels) { Columns = clips.Count };
    }

    private static AudioClip Beginning(AudioClip clip) =>
        clip with { Samples = clip.Samples[..(int)Math.Min(clip.Samples.Length, Seconds * clip.SampleRate)] };

    /// <summary>Levels (row, frame) in dB, neighbouring bins averaged.</summary>
    private static Tensor Spectrogram(AudioClip clip, MfccOptions options)
    {
        var grid = options.Grid(clip.SampleRate);
        var window = hamming_window(grid.Length, periodic: false, device: CPU);
        var frames = tensor(clip.Samples, device: CPU).unfold(0, grid.Length, grid.Hop) * window;
        var levels = 20 * fft.rfft(frames, dim: 1).abs().clamp_min(1e-6).log10();
        return nn.functional.adaptive_avg_pool1d(levels.unsqueeze(0), SpectrogramRows).squeeze(0).t();
    }

    /// <summary>Log mel energies (band, frame), as before the cosine transform.</summary>
    private static Tensor Bands(AudioClip clip, MfccOptions options)
    {
        var bands = new LogMelOptions
        {
            Filters = options.FiltersAt(clip.SampleRate), LowHertz = options.LowHertz,
            HighHertz = options.HighHertz, FrameMilliseconds = options.FrameMilliseconds, FrameRounding = options.FrameRounding,
            HopFraction = options.HopFraction,
        };
        return new LogMelEnergies(bands, CPU).Extract([clip])[0].t();
    }

    /// <summary>Cepstra without c0, relative to their mean over all recordings, in standard deviations.</summary>
    private static Row Cepstra(IReadOnlyList<AudioClip> clips, MfccOptions options)
    {
        var cepstra = new Mfcc(options with { Deltas = false, Cmvn = false }, CPU).Extract(clips)
            .Select(frames => frames.narrow(1, 1, frames.shape[1] - 1)).ToList();
        var all = cat([.. cepstra], 0);
        var (mean, deviation) = (all.mean([0]), all.std(0).clamp_min(1e-9));
        var ticks = Enumerable.Range(1, (int)all.shape[1]).Where(c => c % 4 == 0 || c == 1).Select(c => (c - 1.0, $"{c}"));
        IReadOnlyList<Tensor> maps =
            [.. cepstra.Select(frames => ((frames - mean) / deviation).clamp(-MaxDeviations, MaxDeviations).t())];
        return new Row("cepstral coefficient", maps, ChartColours.BlueWhiteOrange, (-MaxDeviations, MaxDeviations))
        {
            Ticks = [.. ticks],
        };
    }

    /// <summary>Maps on one scale, whose brightest colour is the largest value of all.</summary>
    private static Row Loudness(string title, IReadOnlyList<Tensor> maps, double range)
    {
        var largest = maps.Max(map => map.max().item<float>());
        return new Row(title, maps, ChartColours.Viridis, (largest - range, largest));
    }

    private static List<(double Position, string Label)> KilohertzTicks(int sampleRate)
    {
        var rowsPerKilohertz = SpectrogramRows / (sampleRate / 2000.0);
        return [.. Enumerable.Range(0, 50).Where(k => k % 4 == 0 && k * rowsPerKilohertz <= SpectrogramRows)
            .Select(k => ((k * rowsPerKilohertz) - 0.5, $"{k}"))];
    }

    private static double[] Times(AudioClip clip, MfccOptions options)
    {
        var grid = options.Grid(clip.SampleRate);
        return [.. Enumerable.Range(0, grid.Frames(clip.Samples.Length)).Select(t => t * grid.Hop / (double)clip.SampleRate)];
    }

    private static Panel Part(Row row, Tensor map, double[] times, string title, bool isFirst, bool isLast)
    {
        var values = map.to(ScalarType.Float64).contiguous();
        var mark = new HeatMapMark([.. values.data<double>().Select(value => Math.Round(value, 2)).Chunk((int)values.shape[1])])
        {
            X = times, Scale = row.Scale, Range = row.Range, HasScale = false,
        };
        var y = new Axis(isFirst ? row.Title : "") { HasGrid = false, HasLabels = isFirst, Ticks = row.Ticks };
        return new Panel(new Axis(isLast ? "time (s)" : "") { HasGrid = false, HasLabels = isLast }, y, [mark]) { Title = title };
    }

    /// <summary>One kind of picture, a map (row, frame) for each recording.</summary>
    private sealed record Row(
        string Title, IReadOnlyList<Tensor> Maps, IReadOnlyList<string> Scale, (double From, double To) Range)
    {
        public IReadOnlyList<(double Position, string Label)>? Ticks { get; init; }
    }
}
