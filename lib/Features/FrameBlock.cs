using DeviceId.Audio;
using DeviceId.Foundation;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>A stretch of one clip's frames inside a block.</summary>
/// <param name="Clip">Index of the clip.</param>
/// <param name="FirstFrame">The clip's frame with which the stretch starts.</param>
/// <param name="Frames">Number of frames, at least 1.</param>
/// <param name="Row">The block's row with which the stretch starts.</param>
internal readonly record struct FrameRun(int Clip, int FirstFrame, int Frames, int Row);

/// <summary>
/// Frames of several clips side by side, so that one tensor operation treats them all: each clip starts on a multiple of the hop, one
/// unfold of the joined samples cuts all frames, and the few rows that straddle two clips are left unread.
/// </summary>
/// <remarks>
/// Every block has the same shape, whatever it holds (the rest is zero): memory is bounded, a long clip is spread over several blocks,
/// and the numeric libraries take the same path for each row, so that a clip's numbers do not depend on its neighbours.
/// </remarks>
internal sealed class FrameBlock
{
    private FrameBlock(IReadOnlyList<FrameRun> runs) => Runs = runs;

    /// <summary>What the rows hold.</summary>
    public IReadOnlyList<FrameRun> Runs { get; }

    /// <summary>Spreads all frames of the clips over blocks, in order.</summary>
    /// <param name="frames">Frames of each clip.</param>
    /// <param name="grid">Where frames lie.</param>
    /// <param name="rows">Rows of a block, at least 1.</param>
    public static IEnumerable<FrameBlock> Plan(IReadOnlyList<int> frames, FrameGrid grid, int rows)
    {
        // A run of f frames covers f - 1 hops and a frame: the next run can start only after the frame's further hops.
        var straddling = (grid.Length + grid.Hop - 1) / grid.Hop - 1;
        var runs = new List<FrameRun>();
        var row = 0;
        for (var clip = 0; clip < frames.Count; clip++)
        {
            for (var first = 0; first < frames[clip];)
            {
                if (row >= rows)
                {
                    yield return new FrameBlock(runs);
                    (runs, row) = ([], 0);
                }

                var count = Math.Min(frames[clip] - first, rows - row);
                runs.Add(new FrameRun(clip, first, count, row));
                first += count;
                row += count + straddling;
            }
        }

        if (runs.Count > 0)
            yield return new FrameBlock(runs);
    }

    /// <summary>The frames as a tensor.</summary>
    /// <param name="clips">The clips that were planned.</param>
    /// <param name="grid">Where frames lie.</param>
    /// <param name="rows">Rows of the block.</param>
    /// <param name="device">Where the tensor shall live.</param>
    /// <param name="type">Precision.</param>
    /// <returns>(row, sample): a view of the joined samples, to be read only.</returns>
    public Tensor Frames(IReadOnlyList<ISampleSource> clips, FrameGrid grid, int rows, Device device, ScalarType type)
    {
        var joined = empty(grid.Samples(rows), ScalarType.Float32, CPU);
        Join(clips, grid, joined.FloatSpan());
        return joined.to(type, device).unfold(0, grid.Length, grid.Hop);
    }

    /// <summary>The samples: row r covers those from r x hop on.</summary>
    /// <param name="clips">The clips that were planned.</param>
    /// <param name="grid">Where frames lie.</param>
    /// <param name="samples">Room for all rows; zero where no clip is.</param>
    public void Join(IReadOnlyList<ISampleSource> clips, FrameGrid grid, Span<float> samples)
    {
        samples.Clear();
        foreach (var run in Runs)
            clips[run.Clip].Read((long)run.FirstFrame * grid.Hop, samples.Slice(run.Row * grid.Hop, (int)grid.Samples(run.Frames)));
    }
}
