using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DeviceId.Acceleration.MatrixMultiply;
using DeviceId.Acceleration.Simd;

namespace DeviceId.Acceleration.Mixtures;

/// <summary>The E-step in float32 on the CPU, block by block: scores, posteriors and their sums stay in the cache.</summary>
/// <remarks>
/// Sums are added in the order of the frames: no bit depends on how the frames are split. Threads may share an instance, but not
/// <see cref="FrameStatistics"/>.
/// </remarks>
internal abstract class FrameKernel
{
    /// <summary>Frames in a block: features, posteriors and sums of 64 components fit an L1 cache.</summary>
    /// <remarks>A multiple of <see cref="MicroKernel.Rows"/>.</remarks>
    public const int BlockFrames = 8 * MicroKernel.Rows;

    /// <summary>The kernel for the widest registers of this machine.</summary>
    public static FrameKernel For(MixtureOperands factors) => SimdDispatch.Run<Creation, FrameKernel>(new Creation(factors));

    /// <summary>Sums and a workspace for a block; see <see cref="FrameStatistics"/>.</summary>
    public abstract FrameStatistics Statistics(int moments);

    /// <summary>Adds the frames' posteriors, moments and log-likelihoods to the statistics.</summary>
    /// <param name="frames">(frame, coefficient), row after row, not standardised.</param>
    /// <param name="statistics">From <see cref="Statistics"/>.</param>
    public abstract void Accumulate(ReadOnlySpan<float> frames, FrameStatistics statistics);

    private readonly struct Creation(MixtureOperands factors) : ISimdWork<FrameKernel>
    {
        public FrameKernel Run<T>()
            where T : struct, ISimdVector<T> => new FrameKernel<T>(factors);
    }
}

/// <inheritdoc/>
/// <typeparam name="T">The registers.</typeparam>
internal sealed class FrameKernel<T> : FrameKernel
    where T : struct, ISimdVector<T>
{
    private readonly int _components;
    private readonly int _dimension;
    private readonly int _width; // components of a panel: the columns of the micro-kernel
    private readonly int _panels;
    private readonly AlignedBuffer _coefficients; // (panel, [constant, coefficients of z, of z²], component of the panel)
    private readonly float[] _shift;
    private readonly float[] _inverseScale;

    /// <param name="factors">The mixture.</param>
    public FrameKernel(MixtureOperands factors)
    {
        (_components, _dimension) = (factors.Components, factors.Dimension);
        var (narrow, wide) = (MicroKernel.Columns<T>(), WideMicroKernel.Columns<T>());
        // The wide micro-kernel where it does not add columns that only pad a panel.
        var fits = WideMicroKernel.Fits<T>() && PanelGemm.RoundUp(_components, wide) < _components + narrow;
        _width = fits ? wide : narrow;
        _panels = (_components + _width - 1) / _width;
        (_shift, _inverseScale) = ([.. factors.Shift.Select(s => (float)s)], [.. factors.Scale.Select(s => (float)(1 / s))]);
        _coefficients = new AlignedBuffer(_panels * Inner * _width);
        // Components that only pad the last panel have a log-likelihood far below all others.
        _coefficients.Span.Clear();
        for (var k = 0; k < _panels * _width; k++)
        {
            var column = (k / _width * Inner * _width) + (k % _width);
            _coefficients[column] = k < _components ? (float)factors.Constants[k] : Impossible;
            for (var row = 0; k < _components && row < 2 * _dimension; row++)
                _coefficients[column + ((1 + row) * _width)] = (float)factors.Products[(row * _components) + k];
        }
    }

    private const float Impossible = -1e30f;

    // Smaller posteriors are replaced by e^-64 = 1.6e-28: it is nothing to any sum, while still smaller ones would become denormal when
    // normalised or multiplied, which takes Intel's cores over a hundred cycles each.
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

    // [1, z, z²] of each frame. A frame's last register overlaps the one before it, so that no remainder is left.
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

    // ln(w p(x)) of each component. Rows beyond the block's end hold values of an earlier block: their results are never read.
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

    // Scores to posteriors (softmax), and the frames' likelihoods. Two registers a time, so that two exponentials overlap.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Normalise(int frames, FrameStatistics s)
    {
        nint w = T.Count, pair = 2 * w, width = _width, next = BlockFrames * width, end = _panels * next;
        for (var f = 0; f < frames; f++)
        {
            ref var row = ref s.Posteriors[f * _width];
            var (max, other) = (T.Load(ref row), T.Load(ref Unsafe.Add(ref row, w)));
            for (nint panel = 0; panel < end; panel += next)
            {
                for (var at = panel; at < panel + width; at += pair)
                {
                    max = T.Max(max, T.Load(ref Unsafe.Add(ref row, at)));
                    other = T.Max(other, T.Load(ref Unsafe.Add(ref row, at + w)));
                }
            }

            var rowMax = T.HorizontalMax(T.Max(max, other));
            max = T.Broadcast(rowMax);
            var total = T.Broadcast(0);
            for (nint panel = 0; panel < end; panel += next)
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
            var share = T.Broadcast(1 / sum);
            for (nint panel = 0; panel < end; panel += next)
            {
                for (var at = panel; at < panel + width; at += w)
                {
                    ref var to = ref Unsafe.Add(ref row, at);
                    T.Store(T.Load(ref to) * share, ref to);
                }
            }
        }
    }

    // Rows of [1, z, z²] times posteriors. The last micro-kernel may compute rows beyond those needed; their sums are never read.
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
