using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using DeviceId.Acceleration.Simd;

namespace DeviceId.Acceleration.Fourier;

/// <summary>Magnitude spectra of windowed frames, several frames at once, one per SIMD lane.</summary>
/// <remarks>Thread-safe if each thread has its own workspace.</remarks>
internal sealed class FrameSpectrum
{
    /// <summary>Number of frames transformed at once.</summary>
    public const int Lanes = 4;

    private readonly double[] _window;
    private readonly bool _isHalfLength;          // even frame length: a transform of half the length suffices
    private readonly FourierTransform _transform;
    private readonly Complex[] _twiddles;         // exp(-2 pi i k / length), k = 0 .. length / 4

    /// <summary>Computes the tables for one frame length.</summary>
    /// <param name="window">Window function (sample); its length is the frame length.</param>
    public FrameSpectrum(double[] window)
    {
        var length = window.Length;
        _window = window;
        // Real input of even length: even and odd samples become real and imaginary parts of a transform of half the length.
        _isHalfLength = length % 2 == 0;
        _transform = new FourierTransform(_isHalfLength ? length / 2 : length);
        _twiddles = [.. Enumerable.Range(0, (length / 4) + 1).Select(k => Complex.FromPolarCoordinates(1, -2 * Math.PI * k / length))];
    }

    /// <summary>Whether the transform supports frames of this length.</summary>
    public static bool Accepts(int length) => FourierTransform.Accepts(length % 2 == 0 ? length / 2 : length);

    /// <summary>Computes the magnitude spectra of consecutive frames.</summary>
    /// <param name="samples">Audio samples, starting with the first sample of the first frame.</param>
    /// <param name="hop">Hop size in samples.</param>
    /// <param name="frames">Number of frames, 1 to <see cref="Lanes"/>; unused lanes repeat the last frame.</param>
    /// <param name="workspace">From <see cref="NewWorkspace"/>.</param>
    /// <returns>(bin, lane), rounded to single precision; valid until the workspace is used again.</returns>
    public Span<Vector256<double>> Magnitudes(ReadOnlySpan<float> samples, int hop, int frames, Workspace workspace)
    {
        var values = Vectors(workspace.Values);
        Window(samples, hop, frames, values);
        _transform.Run(values);
        var magnitudes = Vectors(workspace.Magnitudes);
        if (_isHalfLength)
            MagnitudesFromHalfLength(values, magnitudes);
        else
            MagnitudesFromFullLength(values, magnitudes);
        return magnitudes;
    }

    /// <summary>Allocates a workspace for one call at a time.</summary>
    public Workspace NewWorkspace() => new(Allocate(2 * _transform.Length), Allocate((_window.Length / 2) + 1));

    private static AlignedBuffer Allocate(int vectors) => new(vectors * Lanes * sizeof(double) / sizeof(float));

    private static Span<Vector256<double>> Vectors(AlignedBuffer buffer) => MemoryMarshal.Cast<float, Vector256<double>>(buffer.Span);

    /// <summary>
    /// Multiplies frames by the window and transposes them to (sample, lane), or to (sample, [real, imaginary], lane) for an odd length.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Window(ReadOnlySpan<float> samples, int hop, int frames, Span<Vector256<double>> values)
    {
        var start = 0;
        if (Avx.IsSupported && _isHalfLength)
        {
            // Four samples of each of the four frames at a time: load, convert to double, multiply by the window, transpose 4 x 4, store.
            ref var x = ref MemoryMarshal.GetReference(samples);
            ref var w = ref MemoryMarshal.GetArrayDataReference(_window);
            ref var to = ref Unsafe.As<Vector256<double>, double>(ref MemoryMarshal.GetReference(values));
            ref var x1 = ref Unsafe.Add(ref x, Math.Min(1, frames - 1) * hop);
            ref var x2 = ref Unsafe.Add(ref x, Math.Min(2, frames - 1) * hop);
            ref var x3 = ref Unsafe.Add(ref x, Math.Min(3, frames - 1) * hop);
            for (; start <= _window.Length - 4; start += 4)
            {
                var window = Vector256.LoadUnsafe(ref w, (nuint)start);
                var a = Avx.ConvertToVector256Double(Vector128.LoadUnsafe(ref x, (nuint)start)) * window;
                var b = Avx.ConvertToVector256Double(Vector128.LoadUnsafe(ref x1, (nuint)start)) * window;
                var c = Avx.ConvertToVector256Double(Vector128.LoadUnsafe(ref x2, (nuint)start)) * window;
                var d = Avx.ConvertToVector256Double(Vector128.LoadUnsafe(ref x3, (nuint)start)) * window;
                var (ab, abNext, cd, cdNext) = (Avx.UnpackLow(a, b), Avx.UnpackHigh(a, b), Avx.UnpackLow(c, d), Avx.UnpackHigh(c, d));
                Avx.Permute2x128(ab, cd, 0x20).StoreUnsafe(ref to, (nuint)(4 * start));
                Avx.Permute2x128(abNext, cdNext, 0x20).StoreUnsafe(ref to, (nuint)((4 * start) + 4));
                Avx.Permute2x128(ab, cd, 0x31).StoreUnsafe(ref to, (nuint)((4 * start) + 8));
                Avx.Permute2x128(abNext, cdNext, 0x31).StoreUnsafe(ref to, (nuint)((4 * start) + 12));
            }
        }

        // The remaining samples one by one; without AVX, or with an odd frame length, all of them.
        var stride = _isHalfLength ? 1 : 2;
        if (!_isHalfLength)
            values.Clear();
        var elements = MemoryMarshal.Cast<Vector256<double>, double>(values);
        for (var lane = 0; lane < Lanes; lane++)
        {
            var frame = samples.Slice(Math.Min(lane, frames - 1) * hop, _window.Length);
            for (var k = start; k < frame.Length; k++)
                elements[(k * stride * Lanes) + lane] = frame[k] * _window[k];
        }
    }

    /// <summary>
    /// Magnitudes from Z, the transform of x(2n) + i x(2n + 1) of length M. The transforms of the even and odd samples are
    /// E(k) = (Z(k) + Z*(M - k)) / 2 and O(k) = -i (Z(k) - Z*(M - k)) / 2; then X(k) = E(k) + exp(-2 pi i k / 2M) O(k) and
    /// X(M - k) = (E(k) - exp(-2 pi i k / 2M) O(k))*.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void MagnitudesFromHalfLength(Span<Vector256<double>> values, Span<Vector256<double>> magnitudes)
    {
        var half = _transform.Length;
        ref var value = ref MemoryMarshal.GetReference(values);
        ref var magnitude = ref MemoryMarshal.GetReference(magnitudes);
        ref var index = ref MemoryMarshal.GetArrayDataReference(_transform.OutputIndices);
        ref var twiddle = ref MemoryMarshal.GetArrayDataReference(_twiddles);
        ref var imaginary = ref Unsafe.Add(ref value, 1);
        (magnitude, Unsafe.Add(ref magnitude, half)) = SquareRoots(Square(value + imaginary), Square(value - imaginary));
        var halved = Vector256.Create(0.5);
        for (nint k = 1; k <= half / 2; k++)
        {
            ref var z = ref Unsafe.Add(ref value, 2 * (nint)Unsafe.Add(ref index, k));
            ref var mirrored = ref Unsafe.Add(ref value, 2 * (nint)Unsafe.Add(ref index, half - k));
            var (a, b, c, d) = (z, Unsafe.Add(ref z, 1), mirrored, Unsafe.Add(ref mirrored, 1));
            var (evenReal, evenImaginary, oddReal, oddImaginary) = ((a + c) * halved, (b - d) * halved, (b + d) * halved, (c - a) * halved);
            var (cos, sin) = (Vector256.Create(Unsafe.Add(ref twiddle, k).Real), Vector256.Create(Unsafe.Add(ref twiddle, k).Imaginary));
            var rotatedReal = Vector256.MultiplyAddEstimate(oddReal, cos, -(oddImaginary * sin));
            var rotatedImaginary = Vector256.MultiplyAddEstimate(oddReal, sin, oddImaginary * cos);
            (Unsafe.Add(ref magnitude, k), Unsafe.Add(ref magnitude, half - k)) = SquareRoots(
                Power(evenReal + rotatedReal, evenImaginary + rotatedImaginary),
                Power(evenReal - rotatedReal, evenImaginary - rotatedImaginary));
        }
    }

    private void MagnitudesFromFullLength(Span<Vector256<double>> values, Span<Vector256<double>> magnitudes)
    {
        var indices = _transform.OutputIndices;
        for (var k = 0; k < magnitudes.Length; k++)
        {
            var power = Power(values[2 * indices[k]], values[(2 * indices[k]) + 1]);
            (magnitudes[k], _) = SquareRoots(power, power);
        }
    }

    private static Vector256<double> Square(Vector256<double> value) => value * value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Power(Vector256<double> real, Vector256<double> imaginary) =>
        Vector256.MultiplyAddEstimate(real, real, imaginary * imaginary);

    /// <summary>Square roots in single precision, which takes a quarter of the time of double precision.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<double> First, Vector256<double> Second) SquareRoots(Vector256<double> first, Vector256<double> second) =>
        Vector256.Widen(Vector256.Sqrt(Vector256.Narrow(first, second)));

    /// <summary>The workspace of a call: Values (n, [real, imaginary], lane), and Magnitudes (bin, lane).</summary>
    internal sealed record Workspace(AlignedBuffer Values, AlignedBuffer Magnitudes);
}
