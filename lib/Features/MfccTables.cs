using DeviceId.Acceleration.Fourier;

namespace DeviceId.Features;

/// <summary>The constants of one sample rate, in double precision: window, filters, cosines.</summary>
internal sealed class MfccTables
{
    private readonly Lazy<FilterKernel> _kernel;
    private readonly Lazy<FrameSpectrum> _spectrum;

    public MfccTables(MfccOptions options, int sampleRate)
    {
        Grid = options.Grid(sampleRate);
        Window = SymmetricHamming(Grid.Length);
        Bank = new FilterBank(options.FiltersAt(sampleRate), Grid.Length, sampleRate, options.LowHertz, options.HighHertz);
        Cosines = CosineTransform(options.Coefficients, Bank.Filters);
        _kernel = new Lazy<FilterKernel>(() => new FilterKernel(Bank.Weights, Grid.Length));
        _spectrum = new Lazy<FrameSpectrum>(() => new FrameSpectrum(Window));
    }

    public FrameGrid Grid { get; }

    /// <summary>The filters without their zeros, made when they are first asked for.</summary>
    public FilterKernel Kernel => _kernel.Value;

    /// <summary>Window and transform, for lengths that <see cref="FrameSpectrum.Accepts"/>; likewise.</summary>
    public FrameSpectrum Spectrum => _spectrum.Value;

    /// <summary>(sample)</summary>
    public double[] Window { get; }

    public FilterBank Bank { get; }

    /// <summary>(coefficient, filter)</summary>
    public double[,] Cosines { get; }

    /// <summary>0.54 - 0.46 cos(2 pi k / (n - 1)).</summary>
    private static double[] SymmetricHamming(int length) =>
        [.. Enumerable.Range(0, length).Select(k => 0.54 - 0.46 * Math.Cos(2 * Math.PI * k / (length - 1)))];

    /// <summary>The first rows of the orthonormal DCT-II.</summary>
    public static double[,] CosineTransform(int coefficients, int filters)
    {
        var rows = new double[coefficients, filters];
        for (var i = 0; i < coefficients; i++)
            for (var j = 0; j < filters; j++)
                rows[i, j] = Math.Sqrt((i == 0 ? 1.0 : 2.0) / filters) * Math.Cos(Math.PI * i * (j + 0.5) / filters);
        return rows;
    }
}
