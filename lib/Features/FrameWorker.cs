using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using DeviceId.Audio;
using DeviceId.Foundation;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;
using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>Steps 1 to 4 of <see cref="Mfcc"/> in one thread on the CPU, one block of frames after the other: samples to float32 filter outputs.</summary>
/// <remarks>
/// The transform is made in double precision. In single, its rounding, which is relative to the loudest bin of a frame, was nearly all of the features' error, and
/// in the quietest filters as large as golden/README.md allows (measured on an Intel processor: 1.2e-4 on speech, now 6e-6).
/// </remarks>
internal sealed class FrameWorker : IDisposable
{
    /// <summary>Frames in a block: windowed samples and spectrum together take 1 MB at 32 kHz, which stays in a core's cache from one step to the next.</summary>
    private const int BlockRows = 64;

    private readonly MfccTables _tables;
    private readonly FilterKernel _kernel;
    private readonly float[] _samples;
    private readonly float[] _spectrum; // (bin, [real, imaginary]) of one frame
    private readonly Tensor _windowed; // (row, sample)

    private FrameWorker(MfccTables tables)
    {
        (_tables, _kernel) = (tables, tables.Kernel);
        _samples = new float[tables.Grid.Samples(BlockRows)];
        _spectrum = new float[2 * tables.Bank.Bins];
        _windowed = zeros([BlockRows, tables.Grid.Length], ScalarType.Float64).DetachFromDisposeScope();
    }

    /// <summary>Shares the blocks out among as many threads as libtorch has; each is computed by one thread alone, so that no bit depends on their number.</summary>
    /// <param name="clips">The recordings; read by one thread at a time.</param>
    /// <param name="tables">For their sample rate.</param>
    /// <param name="frames">Frames of each.</param>
    /// <param name="energies">For each recording (frame, filter + 1), float32: filled with the filters' outputs, then the frame's largest magnitude between DC and half the sample rate.</param>
    /// <exception cref="AudioException">A recording cannot be read.</exception>
    public static void Share(IReadOnlyList<ISampleSource> clips, MfccTables tables, IReadOnlyList<int> frames, IReadOnlyList<Tensor> energies)
    {
        var blocks = FrameBlock.Plan(frames, tables.Grid, BlockRows).ToList();
        var (threads, next) = (Math.Min(get_num_threads(), blocks.Count), 0);
        if (threads == 0)
            return;
        var reading = new object();
        Workers.Share(threads, _ =>
        {
            using var alone = new SingleThread();
            using var worker = new FrameWorker(tables);
            while (true)
            {
                FrameBlock block;
                lock (reading)
                {
                    if (next == blocks.Count)
                        return;
                    block = blocks[next++];
                    block.Join(clips, tables.Grid, worker._samples);
                }

                worker.Compute(block, energies);
            }
        }, threads);
    }

    /// <inheritdoc/>
    public void Dispose() => _windowed.Dispose();

    private void Compute(FrameBlock block, IReadOnlyList<Tensor> energies)
    {
        var grid = _tables.Grid;
        var rows = MemoryMarshal.Cast<byte, double>(_windowed.bytes);
        foreach (var run in block.Runs)
        {
            for (var row = run.Row; row < run.Row + run.Frames; row++)
            {
                var windowed = rows.Slice(row * grid.Length, grid.Length);
                TensorPrimitives.ConvertTruncating<float, double>(_samples.AsSpan(row * grid.Hop, grid.Length), windowed);
                TensorPrimitives.Multiply<double>(windowed, _tables.Window, windowed);
            }
        }

        using var transformed = fft.rfft(_windowed, dim: 1);
        var spectra = MemoryMarshal.Cast<byte, double>(transformed.bytes);
        var width = _tables.Bank.Filters + 1;
        foreach (var run in block.Runs)
        {
            var results = energies[run.Clip].Floats().Slice(run.FirstFrame * width, run.Frames * width);
            for (var i = 0; i < run.Frames; i++)
            {
                TensorPrimitives.ConvertTruncating<double, float>(spectra.Slice((run.Row + i) * _spectrum.Length, _spectrum.Length), _spectrum);
                _kernel.Energies(_spectrum, results.Slice(i * width, width));
            }
        }
    }
}
