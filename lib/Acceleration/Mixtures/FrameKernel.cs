using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DeviceId.Acceleration.MatrixMultiply;
using DeviceId.Acceleration.Simd;

namespace DeviceId.Acceleration.Mixtures;

/// <summary>The E-step of a Gaussian mixture in float32 on the CPU, in blocks of frames that stay in the cache.</summary>
/// <remarks>
/// Frames are summed in order, so the result is bit-identical however the frames are split into calls. Thread-safe if each thread has its
/// own <see cref="FrameStatistics"/>.
/// </remarks>
internal abstract class FrameKernel
{
    /// <summary>Frames in a block: features, posteriors and sums of 64 components fit in the L1 cache.</summary>
    /// <remarks>A multiple of <see cref="MicroKernel.Rows"/>.</remarks>
    public const int BlockFrames = 8 * MicroKernel.Rows;

    /// <summary>Creates the kernel for the widest SIMD vectors of this machine.</summary>
    public static FrameKernel For(MixtureOperands mixture) => SimdDispatch.Run<Creation, FrameKernel>(new Creation(mixture));

    /// <summary>Allocates the statistics, all zero, and the workspace for a block.</summary>
    /// <param name="moments">1: sums of posteriors and of z; 2: also of z².</param>
    public abstract FrameStatistics Statistics(int moments);

    /// <summary>Adds posteriors, moments and log-likelihoods of the frames to the statistics.</summary>
    /// <param name="frames">(frame, coefficient), row-major, not standardised.</param>
    /// <param name="statistics">From <see cref="Statistics"/>.</param>
    public abstract void Accumulate(ReadOnlySpan<float> frames, FrameStatistics statistics);

    private readonly struct Creation(MixtureOperands mixture) : ISimdWork<FrameKernel>
    {
        public FrameKernel Run<T>()
            where T : struct, ISimdVector<T> => new FrameKernel<T>(mixture);
    }
}

/// <inheritdoc/>
/// <typeparam name="T">The SIMD vector type.</typeparam>
internal sealed class FrameKernel<T> : FrameKernel
    where T : struct, ISimdVector<T>
{
    private readonly int _components;
    private readonly int _dimension;
    private readonly int _width; // components in a panel = columns of the micro-kernel
    private readonly int _panels;
    private readonly AlignedBuffer _coefficients; // (panel, [constant, coefficients of z, of z²], component of the panel)
    private readonly float[] _shift;
    private readonly float[] _inverseScale;

    /// <param name="mixture">The mixture.</param>
    public FrameKernel(MixtureOperands mixture)
    {
        (_components, _dimension) = (mixture.Components, mixture.Dimension);
        var (narrow, wide) = (MicroKernel.Columns<T>(), WideMicroKernel.Columns<T>());
        // The wide micro-kernel, if it needs less padding than one narrow panel.
        var isWide = WideMicroKernel.Fits<T>() && PanelGemm.RoundUp(_components, wide) < _components + narrow;
        _width = isWide ? wide : narrow;
        _panels = (_components + _width - 1) / _width;
        (_shift, _inverseScale) = ([.. mixture.Shift.Select(s => (float)s)], [.. mixture.Scale.Select(s => (float)(1 / s))]);
        _coefficients = new AlignedBuffer(_panels * Inner * _width);
        _coefficients.Span.Clear();
        // Padding components of the last panel get a log-likelihood far below all others.
        for (var k = 0; k < _panels * _width; k++)
        {
            var column = (k / _width * Inner * _width) + (k % _width);
            _coefficients[column] = k < _components ? (float)mixture.Constants[k] : PaddingLogLikelihood;
            for (var row = 0; k < _components && row < 2 * _dimension; row++)
                _coefficients[column + ((1 + row) * _width)] = (float)mixture.Products[(row * _components) + k];
        }
    }

    private const float PaddingLogLikelihood = -1e30f;

    // Smaller posteriors are replaced by e^-64 = 1.6e-28, which is negligible in any sum. Even smaller ones would become denormal when
    // normalised or multiplied, and a denormal costs Intel's cores over a hundred cycles.
    private const float MinLogPosterior = -64;

    private int Inner => 1 + (2 * _dimension);

    /// <inheritdoc/>
    public override FrameStatistics Statistics(int moments) => new(_components, _dimension, _width, moments);

    /// <inheritdoc/>
    public override void Accumulate(ReadOnlySpan<float> frames, FrameStatistics statistics)
    {
        var count = frames.Length / _dimension;
        for (var at = 0; at < count; at += BlockFrames)
        {
            var block = Math.Min(BlockFrames, count - at);
            Expand(frames.Slice(at * _dimension, block * _dimension), statistics);
            Score(block, statistics);
            Normalise(block, statistics);
            Sum(block, statistics);
        }
    }

    // [1, z, z²] of each frame. The last register of a frame overlaps the one before it, so that there is no remainder loop.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Expand(ReadOnlySpan<float> frames, FrameStatistics statistics)
    {
        var (d, w) = (_dimension, T.Count);
        ref var raw = ref MemoryMarshal.GetReference(frames);
        for (var f = 0; f < frames.Length / d; f++)
        {
            ref var from = ref Unsafe.Add(ref raw, f * d);
            ref var row = ref statistics.Features[f * statistics.Stride];
            row = 1;
            for (var i = 0; i < d && d >= w; i += w)
            {
                var at = Math.Min(i, d - w);
                var z = (T.Load(ref Unsafe.Add(ref from, at)) - T.Load(ref _shift[at])) * T.Load(ref _inverseScale[at]);
                T.Store(z, ref Unsafe.Add(ref row, 1 + at));
                T.Store(z * z, ref Unsafe.Add(ref row, 1 + d + at));
            }

            for (var i = 0; i < d && d < w; i++)
            {
                var z = (Unsafe.Add(ref from, i) - _shift[i]) * _inverseScale[i];
                (Unsafe.Add(ref row, 1 + i), Unsafe.Add(ref row, 1 + d + i)) = (z, z * z);
            }
        }
    }

    // ln(w p(x)) of each component. Rows beyond the end of the block hold values of an earlier block; their results are never read.
    private void Score(int frames, FrameStatistics s)
    {
        for (var panel = 0; panel < _panels; panel++)
        {
            for (var f = 0; f < frames; f += MicroKernel.Rows)
            {
                ref var scores = ref s.Posteriors[((panel * BlockFrames) + f) * _width];
                ref var coefficients = ref _coefficients[panel * Inner * _width];
                PanelGemm.RunMicroKernel<T>(
                    ref s.Features[f * s.Stride], s.Stride, 1, ref coefficients, Inner, ref scores, _width, _width, overwrite: true);
            }
        }
    }

    // Softmax: scores to posteriors, and the log-likelihoods. Two registers at a time, so that two exponentials overlap.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Normalise(int frames, FrameStatistics s)
    {
        nint w = T.Count, pair = 2 * w, width = _width, panelStride = BlockFrames * width, end = _panels * panelStride;
        for (var f = 0; f < frames; f++)
        {
            ref var row = ref s.Posteriors[f * _width];
            var (max, max2) = (T.Load(ref row), T.Load(ref Unsafe.Add(ref row, w)));
            for (nint panel = 0; panel < end; panel += panelStride)
            {
                for (var at = panel; at < panel + width; at += pair)
                {
                    max = T.Max(max, T.Load(ref Unsafe.Add(ref row, at)));
                    max2 = T.Max(max2, T.Load(ref Unsafe.Add(ref row, at + w)));
                }
            }

            var rowMax = T.HorizontalMax(T.Max(max, max2));
            max = T.Broadcast(rowMax);
            var total = T.Broadcast(0);
            for (nint panel = 0; panel < end; panel += panelStride)
            {
                for (var at = panel; at < panel + width; at += pair)
                {
                    ref var to = ref Unsafe.Add(ref row, at);
                    var left = SimdMath.Exp(T.Load(ref to) - max, MinLogPosterior);
                    var right = SimdMath.Exp(T.Load(ref Unsafe.Add(ref to, w)) - max, MinLogPosterior);
                    T.Store(left, ref to);
                    T.Store(right, ref Unsafe.Add(ref to, w));
                    total += left + right;
                }
            }

            var sum = T.Sum(total);
            s.AddLikelihood(rowMax, sum);
            var scale = T.Broadcast(1 / sum);
            for (nint panel = 0; panel < end; panel += panelStride)
            {
                for (var at = panel; at < panel + width; at += w)
                {
                    ref var to = ref Unsafe.Add(ref row, at);
                    T.Store(T.Load(ref to) * scale, ref to);
                }
            }
        }
    }

    // [1, z, z²]ᵀ x posteriors. The last micro-kernel may compute padding rows; their sums are never read.
    private void Sum(int frames, FrameStatistics s)
    {
        for (var panel = 0; panel < _panels; panel++)
        {
            for (var row = 0; row < s.Rows; row += MicroKernel.Rows)
            {
                ref var sums = ref s.Sums[((panel * s.Rows) + row) * _width];
                ref var posteriors = ref s.Posteriors[panel * BlockFrames * _width];
                PanelGemm.RunMicroKernel<T>(
                    ref s.Features[row], 1, s.Stride, ref posteriors, frames, ref sums, _width, _width, overwrite: false);
            }
        }
    }
}
