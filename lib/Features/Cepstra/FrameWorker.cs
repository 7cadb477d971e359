using DeviceId.Acceleration.Fourier;
using DeviceId.Acceleration.Simd;
using DeviceId.Audio;
using DeviceId.Foundation;
using Tensor = TorchSharp.torch.Tensor;
using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>
/// Computes steps 1 to 4 of <see cref="Mfcc"/> in one CPU thread, one block of frames at a time: samples to float32 filter outputs.
/// </summary>
/// <remarks>
/// The FFT runs in float64. In float32 its rounding error, which is relative to the loudest bin of a frame, dominated the error of the
/// features and exceeded the tolerance of docs/mfcc.md in the quietest filters (measured on an Intel processor: 1.2e-4 on speech in
/// float32, 6e-6 in float64).
/// </remarks>
internal sealed class FrameWorker
{
    /// <summary>Frames per block: few enough to fit into a core's cache, enough that threads rarely wait for the lock.</summary>
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
    /// Computes all blocks on as many threads as libtorch uses. Each block is computed by one thread, so that the results are
    /// bit-identical for any number of threads.
    /// </summary>
    /// <param name="clips">The recordings; only one thread reads them at a time.</param>
    /// <param name="tables">Constants for their sampling rate.</param>
    /// <param name="frames">Number of frames of each recording.</param>
    /// <param name="energies">
    /// Output for each recording: (frame, filter + 1), float32. The filter outputs, followed by the frame's largest magnitude between DC
    /// and half the sampling rate.
    /// </param>
    /// <exception cref="AudioException">A recording cannot be read.</exception>
    public static void ComputeAll(
        IReadOnlyList<ISampleSource> clips, MfccTables tables, IReadOnlyList<int> frames, IReadOnlyList<Tensor> energies)
    {
        var blocks = FrameBlock.Plan(frames, tables.Grid, BlockRows).ToList();
        var (threads, next) = (Math.Min(ParallelLoops.Threads, blocks.Count), 0);
        if (threads == 0)
            return;
        var readLock = new object();
        ParallelLoops.For(threads, _ =>
        {
            var worker = new FrameWorker(tables);
            while (true)
            {
                FrameBlock block;
                lock (readLock)
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
