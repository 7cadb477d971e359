using DeviceId.Acceleration.Fourier;

namespace DeviceId.Features;

/// <summary>Constants of <see cref="Mfcc"/> for one sampling rate, in float64: window, filter bank, DCT matrix.</summary>
internal sealed class MfccTables
{
    private readonly Lazy<FilterKernel> _kernel;
    private readonly Lazy<FrameSpectrum> _spectrum;

    public MfccTables(MfccOptions options, int sampleRate)
    {
        Grid = options.Grid(sampleRate);
        Window = SymmetricHamming(Grid.Length);
        Bank = options.BankAt(sampleRate);
        Cosines = CosineTransform(options.Coefficients, Bank.Filters);
        _kernel = new Lazy<FilterKernel>(() => new FilterKernel(Bank.Weights, Grid.Length));
        _spectrum = new Lazy<FrameSpectrum>(() => new FrameSpectrum(Window));
    }

    /// <summary>Frame length and hop.</summary>
    public FrameGrid Grid { get; }

    /// <summary>Kernel with the non-zero filter weights, created on first use.</summary>
    public FilterKernel Kernel => _kernel.Value;

    /// <summary>Window and FFT, for lengths that <see cref="FrameSpectrum.Accepts"/>, created on first use.</summary>
    public FrameSpectrum Spectrum => _spectrum.Value;

    /// <summary>Analysis window (sample).</summary>
    public double[] Window { get; }

    /// <summary>Filter bank.</summary>
    public FilterBank Bank { get; }

    /// <summary>DCT matrix (coefficient, filter).</summary>
    public double[,] Cosines { get; }

    /// <summary>Symmetric Hamming window, 0.54 - 0.46 cos(2 pi k / (n - 1)).</summary>
    public static double[] SymmetricHamming(int length) =>
        [.. Enumerable.Range(0, length).Select(k => 0.54 - 0.46 * Math.Cos(2 * Math.PI * k / (length - 1)))];

    /// <summary>First rows of the orthonormal DCT-II matrix (coefficient, filter).</summary>
    public static double[,] CosineTransform(int coefficients, int filters)
    {
        var rows = new double[coefficients, filters];
        for (var i = 0; i < coefficients; i++)
            for (var j = 0; j < filters; j++)
                rows[i, j] = Math.Sqrt((i == 0 ? 1.0 : 2.0) / filters) * Math.Cos(Math.PI * i * (j + 0.5) / filters);
        return rows;
    }
}
