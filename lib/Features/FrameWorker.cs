using DeviceId.Acceleration.Fourier;
using DeviceId.Acceleration.Simd;
using DeviceId.Audio;
using DeviceId.Foundation;
using Tensor = TorchSharp.torch.Tensor;
using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>
/// Steps 1 to 4 of <see cref="Mfcc"/> in one thread on the CPU, one block of frames after the other: samples to float32 filter outputs.
/// </summary>
/// <remarks>
/// The transform is made in double precision. In single, its rounding, which is relative to the loudest bin of a frame, was nearly all of
/// the features' error, and in the quietest filters larger than docs/mfcc.md allows (measured on an Intel processor: 1.2e-4 on speech, now
/// 6e-6).
/// </remarks>
internal sealed class FrameWorker
{
    /// <summary>
    /// Frames in a block: so few that their samples stay in a core's cache, so many that threads seldom ask for the next.
    /// </summary>
    private const int BlockRows = 64;

    private readonly MfccTables _tables;
    private readonly FrameSpectrum.Workspace _workspace;
    private readonly AlignedBuffer _samples;

    private FrameWorker(MfccTables tables)
    {
        (_tables, _workspace) = (tables, tables.Spectrum.NewWorkspace());
        _samples = new AlignedBuffer((int)tables.Grid.Samples(BlockRows));
    }

    /// <summary>
    /// Shares the blocks out among as many threads as libtorch has; each is computed by one thread alone, so that no bit depends on their
    /// number.
    /// </summary>
    /// <param name="clips">The recordings; read by one thread at a time.</param>
    /// <param name="tables">For their sample rate.</param>
    /// <param name="frames">Frames of each.</param>
    /// <param name="energies">
    /// For each recording (frame, filter + 1), float32: filled with the filters' outputs, then the frame's largest magnitude between DC and
    /// half the sample rate.
    /// </param>
    /// <exception cref="AudioException">A recording cannot be read.</exception>
    public static void Share(IReadOnlyList<ISampleSource> clips, MfccTables tables, IReadOnlyList<int> frames,
        IReadOnlyList<Tensor> energies)
    {
        var blocks = FrameBlock.Plan(frames, tables.Grid, BlockRows).ToList();
        var (threads, next) = (Math.Min(ParallelLoops.Threads, blocks.Count), 0);
        if (threads == 0)
            return;
        var reading = new object();
        ParallelLoops.For(threads, _ =>
        {
            var worker = new FrameWorker(tables);
            while (true)
            {
                FrameBlock block;
                lock (reading)
                {
                    if (next == blocks.Count)
                        return;
                    block = blocks[next++];
                    block.Join(clips, tables.Grid, worker._samples.Span);
                }

                worker.Compute(block, energies);
            }
        }, threads);
    }

    private void Compute(FrameBlock block, IReadOnlyList<Tensor> energies)
    {
        var (hop, width) = (_tables.Grid.Hop, _tables.Bank.Filters + 1);
        foreach (var run in block.Runs)
        {
            var results = energies[run.Clip].FloatSpan().Slice(run.FirstFrame * width, run.Frames * width);
            for (var i = 0; i < run.Frames; i += FrameSpectrum.Lanes)
            {
                var frames = Math.Min(FrameSpectrum.Lanes, run.Frames - i);
                var magnitudes = _tables.Spectrum.Magnitudes(_samples.Span[((run.Row + i) * hop)..], hop, frames, _workspace);
                _tables.Kernel.Energies(magnitudes, results[(i * width)..], frames);
            }
        }
    }
}
