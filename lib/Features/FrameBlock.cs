using DeviceId.Audio;
using DeviceId.Foundation;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>A run of consecutive frames of one clip in a block.</summary>
/// <param name="Clip">Index of the clip.</param>
/// <param name="FirstFrame">First frame of the run in the clip.</param>
/// <param name="Frames">Number of frames, at least 1.</param>
/// <param name="Row">First row of the run in the block.</param>
internal readonly record struct FrameRun(int Clip, int FirstFrame, int Frames, int Row);

/// <summary>
/// A batch of frames of several clips, so that one tensor operation processes them all. The samples of the clips are joined, each clip
/// starting at a multiple of the hop, and one unfold cuts all frames; the few rows that straddle two clips are ignored.
/// </summary>
/// <remarks>
/// All blocks have the same shape, padded with zeros, and a long clip is split over several blocks. This bounds memory, and the numeric
/// libraries take the same path for each row, so that the features of a clip do not depend on the other clips.
/// </remarks>
internal sealed class FrameBlock
{
    private FrameBlock(IReadOnlyList<FrameRun> runs) => Runs = runs;

    /// <summary>The runs of frames in this block.</summary>
    public IReadOnlyList<FrameRun> Runs { get; }

    /// <summary>Assigns all frames of the clips to blocks, in order.</summary>
    /// <param name="frames">Number of frames of each clip.</param>
    /// <param name="grid">Frame length and hop.</param>
    /// <param name="rows">Number of rows of a block, at least 1.</param>
    public static IEnumerable<FrameBlock> Plan(IReadOnlyList<int> frames, FrameGrid grid, int rows)
    {
        // A run of f frames covers f - 1 hops and one frame length. The next run starts after the rows that would straddle its end.
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

    /// <summary>Returns the frames as a tensor.</summary>
    /// <param name="clips">The clips passed to <see cref="Plan"/>.</param>
    /// <param name="grid">Frame length and hop.</param>
    /// <param name="rows">Number of rows of the block.</param>
    /// <param name="device">Device of the tensor.</param>
    /// <param name="type">Data type of the tensor.</param>
    /// <returns>(row, sample): a view of the joined samples; do not modify it.</returns>
    public Tensor Frames(IReadOnlyList<ISampleSource> clips, FrameGrid grid, int rows, Device device, ScalarType type)
    {
        var joined = empty(grid.Samples(rows), ScalarType.Float32, CPU);
        Join(clips, grid, joined.FloatSpan());
        return joined.to(type, device).unfold(0, grid.Length, grid.Hop);
    }

    /// <summary>Writes the joined samples; row r starts at sample r x hop.</summary>
    /// <param name="clips">The clips passed to <see cref="Plan"/>.</param>
    /// <param name="grid">Frame length and hop.</param>
    /// <param name="samples">Receives the samples of all rows; zero where there is no clip.</param>
    public void Join(IReadOnlyList<ISampleSource> clips, FrameGrid grid, Span<float> samples)
    {
        samples.Clear();
        foreach (var run in Runs)
            clips[run.Clip].Read((long)run.FirstFrame * grid.Hop, samples.Slice(run.Row * grid.Hop, (int)grid.Samples(run.Frames)));
    }
}
