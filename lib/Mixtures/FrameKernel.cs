using System.Runtime.CompilerServices;
using DeviceId.Acceleration.MatrixMultiply;
using DeviceId.Acceleration.Simd;

namespace DeviceId.Mixtures;

/// <summary>The E-step in float32 on the CPU, block by block in the cache: scores, posteriors and their sums without a number going out to memory.</summary>
/// <remarks>Sums are added in the order of the frames: no bit depends on how frames are handed over. Instances may be shared between threads, <see cref="FrameStatistics"/> not.</remarks>
internal abstract class FrameKernel
{
    /// <summary>Frames in a block: features, posteriors and sums of 64 components fit a first-level cache. A multiple of the rows of a tile.</summary>
    public const int BlockFrames = 8 * MatrixTile.Rows;

    /// <summary>The kernel for the widest registers of this machine.</summary>
    public static FrameKernel For(ScoringTables tables) =>
        Lanes512.IsSupported ? new FrameKernel<Lanes512>(tables) : Lanes256.IsSupported ? new FrameKernel<Lanes256>(tables) : new FrameKernel<Lanes128>(tables);

    /// <summary>Room for sums and a block; see <see cref="FrameStatistics"/>.</summary>
    public abstract FrameStatistics Statistics(int moments);

    /// <summary>Adds the frames' posteriors, moments and likelihoods.</summary>
    /// <param name="frames">(frame, coefficient), row after row, not standardised.</param>
    /// <param name="statistics">Of this kernel.</param>
    public abstract void Accumulate(ReadOnlySpan<float> frames, FrameStatistics statistics);
}

/// <inheritdoc/>
/// <typeparam name="T">The registers.</typeparam>
internal sealed class FrameKernel<T> : FrameKernel
    where T : struct, ILanes<T>
{
    private readonly ScoringTables _tables;
    private readonly int _dimension;
    private readonly int _width; // components of a panel: the columns of the tile
    private readonly int _panels;
    private readonly AlignedFloats _factors; // (panel, [constant, factors of z, of z²], component of the panel)
    private readonly float[] _shift;
    private readonly float[] _inverseScale;

    /// <param name="tables">The mixture; must outlive the kernel.</param>
    public FrameKernel(ScoringTables tables)
    {
        (_tables, _dimension) = (tables, tables.Dimension);
        var (narrow, wide) = (MatrixTile.Columns<T>(), WideTile.Columns<T>());
        // The wide tile where it does not add columns that only fill a panel.
        var fits = WideTile.Fits<T>() && Tiles.RoundedUp(tables.Components, wide) < tables.Components + narrow;
        _width = fits ? wide : narrow;
        _panels = (tables.Components + _width - 1) / _width;
        (_shift, _inverseScale) = ([.. tables.Shift.data<double>().Select(s => (float)s)], [.. tables.Scale.data<double>().Select(s => (float)(1 / s))]);
        _factors = new AlignedFloats(_panels * Steps * _width);
        // Components that only fill the last panel are as good as impossible.
        _factors.Span.Clear();
        var (constants, products) = (tables.Constants.data<double>().ToArray(), tables.Products.data<double>().ToArray());
        for (var k = 0; k < _panels * _width; k++)
        {
            var column = (k / _width * Steps * _width) + (k % _width);
            _factors[column] = k < constants.Length ? (float)constants[k] : Impossible;
            for (var row = 0; k < constants.Length && row < 2 * _dimension; row++)
                _factors[column + ((1 + row) * _width)] = (float)products[(row * constants.Length) + k];
        }
    }

    private const float Impossible = -1e30f;

    // Posteriors below e^-64 = 1.6e-28 count as that. It is nothing to any sum, while much smaller ones would become denormal when they are normalised
    // or multiplied, and Intel's cores take over a hundred cycles for each of those.
    private const float LeastLogPosterior = -64;

    private int Steps => 1 + (2 * _dimension);

    /// <inheritdoc/>
    public override FrameStatistics Statistics(int moments) => new(_tables, _width, moments);

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

    // [1, z, z²] of each frame. The last register of a frame overlaps the one before it instead of leaving a rest.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Expand(ReadOnlySpan<float> frames, FrameStatistics statistics)
    {
        var (d, w) = (_dimension, T.Count);
        ref var raw = ref System.Runtime.InteropServices.MemoryMarshal.GetReference(frames);
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

    // ln(w p(x)) of each component. Rows beyond the block's end hold what an earlier block left: their results are never read.
    private void Score(int frames, FrameStatistics s)
    {
        for (var panel = 0; panel < _panels; panel++)
        {
            for (var f = 0; f < frames; f += MatrixTile.Rows)
                Tiles.Tile<T>(ref s.Features[f * s.Stride], s.Stride, 1, ref _factors[panel * Steps * _width], Steps, ref s.Posteriors[((panel * BlockFrames) + f) * _width], _width, _width, fresh: true);
        }
    }

    // Scores to posteriors, and the frames' likelihoods. Registers go by twos, so that two exponentials are under way at a time.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Normalise(int frames, FrameStatistics s)
    {
        nint w = T.Count, pair = 2 * w, width = _width, next = BlockFrames * width, end = _panels * next;
        for (var f = 0; f < frames; f++)
        {
            ref var row = ref s.Posteriors[f * _width];
            var (most, other) = (T.Load(ref row), T.Load(ref Unsafe.Add(ref row, w)));
            for (nint panel = 0; panel < end; panel += next)
            {
                for (var at = panel; at < panel + width; at += pair)
                    (most, other) = (T.Max(most, T.Load(ref Unsafe.Add(ref row, at))), T.Max(other, T.Load(ref Unsafe.Add(ref row, at + w))));
            }

            var greatest = T.Greatest(T.Max(most, other));
            most = T.Spread(greatest);
            var total = T.Spread(0);
            for (nint panel = 0; panel < end; panel += next)
            {
                for (var at = panel; at < panel + width; at += pair)
                {
                    ref var to = ref Unsafe.Add(ref row, at);
                    var (left, right) = (LanesMath.Exp(T.Load(ref to) - most, LeastLogPosterior), LanesMath.Exp(T.Load(ref Unsafe.Add(ref to, w)) - most, LeastLogPosterior));
                    T.Store(left, ref to);
                    T.Store(right, ref Unsafe.Add(ref to, w));
                    total += left + right;
                }
            }

            var sum = T.Sum(total);
            s.AddLikelihood(greatest, sum);
            var share = T.Spread(1 / sum);
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

    // Rows of [1, z, z²] times posteriors. The last tile may take rows beyond those asked for; their sums are never read.
    private void Sum(int frames, FrameStatistics s)
    {
        for (var panel = 0; panel < _panels; panel++)
        {
            for (var row = 0; row < s.Rows; row += MatrixTile.Rows)
                Tiles.Tile<T>(ref s.Features[row], 1, s.Stride, ref s.Posteriors[panel * BlockFrames * _width], frames, ref s.Sums[((panel * s.Rows) + row) * _width], _width, _width, fresh: false);
        }
    }
}
