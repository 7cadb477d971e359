using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using DeviceId.Acceleration.Simd;

namespace DeviceId.Acceleration.Fourier;

/// <summary>Magnitudes of the Fourier transform of windowed frames, several frames at once: one per SIMD lane.</summary>
/// <remarks>Threads may share it, each with a workspace of its own.</remarks>
internal sealed class FrameSpectrum
{
    private readonly double[] _window;
    private readonly bool _isPaired;
    private readonly FourierTransform _transform;
    private readonly Complex[] _rotations; // exp(-2 pi i k / length)

    /// <summary>Prepares one length.</summary>
    /// <param name="window">(sample); its length is the frames'.</param>
    public FrameSpectrum(double[] window)
    {
        var length = window.Length;
        _window = window;
        // Even and odd samples of a real frame are real and imaginary parts of a transform of half the length.
        _isPaired = length % 2 == 0;
        _transform = new FourierTransform(_isPaired ? length / 2 : length);
        _rotations = [.. Enumerable.Range(0, (length / 4) + 1).Select(k => Complex.FromPolarCoordinates(1, -2 * Math.PI * k / length))];
    }

    /// <summary>Frames that are transformed at once.</summary>
    public const int Lanes = 4;

    /// <summary>Whether frames of this length are transformed here.</summary>
    public static bool Accepts(int length) => FourierTransform.Accepts(length % 2 == 0 ? length / 2 : length);

    /// <summary>The magnitudes of consecutive frames.</summary>
    /// <param name="samples">Samples, from the first frame's first one on.</param>
    /// <param name="hop">Samples from one frame to the next.</param>
    /// <param name="frames">Frames, from 1 to <see cref="Lanes"/>; unused lanes repeat the last one.</param>
    /// <param name="workspace">From <see cref="NewWorkspace"/>.</param>
    /// <returns>(bin, lane), rounded to single precision; valid until the workspace is used again.</returns>
    public Span<Vector256<double>> Magnitudes(ReadOnlySpan<float> samples, int hop, int frames, Workspace workspace)
    {
        var values = Vectors(workspace.Values);
        Window(samples, hop, frames, values);
        _transform.Run(values);
        var magnitudes = Vectors(workspace.Magnitudes);
        if (_isPaired)
            FromPairs(values, magnitudes);
        else
            FromBins(values, magnitudes);
        return magnitudes;
    }

    /// <summary>A workspace for one call at a time.</summary>
    public Workspace NewWorkspace() => new(Floats(2 * _transform.Length), Floats((_window.Length / 2) + 1));

    private static AlignedBuffer Floats(int vectors) => new(vectors * Lanes * sizeof(double) / sizeof(float));

    private static Span<Vector256<double>> Vectors(AlignedBuffer floats) => MemoryMarshal.Cast<float, Vector256<double>>(floats.Span);

    /// <summary>
    /// (frame, sample) times the window to (sample, lane), or to (sample, [real, imaginary], lane) where samples do not go in pairs.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Window(ReadOnlySpan<float> samples, int hop, int frames, Span<Vector256<double>> values)
    {
        var start = 0;
        if (Avx.IsSupported && _isPaired)
        {
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

        var stride = _isPaired ? 1 : 2;
        if (!_isPaired)
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
    /// With Z the transform of x(2n) + i x(2n + 1), M its length: E(k) = (Z(k) + Z*(M - k)) / 2 and O(k) = -i (Z(k) - Z*(M - k)) / 2
    /// belong to the even and odd samples, and X(k) = E(k) + exp(-2 pi i k / 2M) O(k), X(M - k) = (E(k) - exp(-2 pi i k / 2M) O(k))*.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void FromPairs(Span<Vector256<double>> values, Span<Vector256<double>> magnitudes)
    {
        var half = _transform.Length;
        ref var value = ref MemoryMarshal.GetReference(values);
        ref var magnitude = ref MemoryMarshal.GetReference(magnitudes);
        ref var place = ref MemoryMarshal.GetArrayDataReference(_transform.Places);
        ref var rotation = ref MemoryMarshal.GetArrayDataReference(_rotations);
        ref var imaginary = ref Unsafe.Add(ref value, 1);
        (magnitude, Unsafe.Add(ref magnitude, half)) = Roots(Square(value + imaginary), Square(value - imaginary));
        var halved = Vector256.Create(0.5);
        for (nint k = 1; k <= half / 2; k++)
        {
            ref var z = ref Unsafe.Add(ref value, 2 * (nint)Unsafe.Add(ref place, k));
            ref var mirrored = ref Unsafe.Add(ref value, 2 * (nint)Unsafe.Add(ref place, half - k));
            var (a, b, c, d) = (z, Unsafe.Add(ref z, 1), mirrored, Unsafe.Add(ref mirrored, 1));
            var (evenReal, evenImaginary, oddReal, oddImaginary) = ((a + c) * halved, (b - d) * halved, (b + d) * halved, (c - a) * halved);
            var (cos, sin) = (Vector256.Create(Unsafe.Add(ref rotation, k).Real), Vector256.Create(Unsafe.Add(ref rotation, k).Imaginary));
            var rotatedReal = Vector256.MultiplyAddEstimate(oddReal, cos, -(oddImaginary * sin));
            var rotatedImaginary = Vector256.MultiplyAddEstimate(oddReal, sin, oddImaginary * cos);
            (Unsafe.Add(ref magnitude, k), Unsafe.Add(ref magnitude, half - k)) = Roots(
                Power(evenReal + rotatedReal, evenImaginary + rotatedImaginary),
                Power(evenReal - rotatedReal, evenImaginary - rotatedImaginary));
        }
    }

    private void FromBins(Span<Vector256<double>> values, Span<Vector256<double>> magnitudes)
    {
        var places = _transform.Places;
        for (var k = 0; k < magnitudes.Length; k++)
        {
            var power = Power(values[2 * places[k]], values[(2 * places[k]) + 1]);
            (magnitudes[k], _) = Roots(power, power);
        }
    }

    private static Vector256<double> Square(Vector256<double> value) => value * value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Power(Vector256<double> real, Vector256<double> imaginary) =>
        Vector256.MultiplyAddEstimate(real, real, imaginary * imaginary);

    /// <summary>Square roots in single precision, which take a quarter of the time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<double> First, Vector256<double> Second) Roots(Vector256<double> first, Vector256<double> second)
    {
        return Vector256.Widen(Vector256.Sqrt(Vector256.Narrow(first, second)));
    }

    /// <summary>Workspace of a call: (n, [real, imaginary], lane), and (bin, lane).</summary>
    internal sealed record Workspace(AlignedBuffer Values, AlignedBuffer Magnitudes);
}
