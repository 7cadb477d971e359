using System.Collections.Concurrent;
using DeviceId.Acceleration;
using DeviceId.Audio;
using DeviceId.Foundation;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>Mel-frequency cepstral coefficients with deltas: c0..c12 | delta | delta-delta, a row a frame.</summary>
/// <remarks>
/// The arithmetic of VOICEBOX <c>melcepst</c>, mode '0dD'; docs/mfcc.md states it in full:
/// <list type="number">
/// <item>cut into frames (<see cref="FrameGrid"/>; no padding, pre-emphasis, dither or removal of the mean);</item>
/// <item>symmetric Hamming window 0.54 - 0.46 cos(2 pi k / (n - 1));</item>
/// <item>magnitude (not power) of a Fourier transform as long as the frame;</item>
/// <item>mel filters (<see cref="FilterBank"/>);</item>
/// <item>natural logarithm of at least <c>sqrt(P 1e-20)</c>, P the largest squared magnitude of the whole recording between DC and half the
/// sample rate;</item>
/// <item>orthonormal DCT-II, no lifter;</item>
/// <item>deltas (<see cref="Deltas"/>), and mean and variance normalisation where asked for.</item>
/// </list>
/// Digital silence (P = 0) has no such floor: the smallest normal single-precision number, 1.1755e-38, takes its place, so that c0 =
/// -87.3365 sqrt(filters) and all else is 0 to rounding. A recording with less than one frame gives an empty matrix.
/// </remarks>
public sealed class Mfcc : IFrameFeatures
{
    /// <summary>Changes whenever the numbers change: part of every cache entry's name.</summary>
    public const int ArithmeticVersion = 4;

    /// <summary>ln of this is the value of every filter in digital silence.</summary>
    private const double SmallestNormal = 1.17549435082228750797e-38;

    /// <summary>The floor over the largest magnitude of the recording: the square root of 1e-20.</summary>
    private const double RelativeFloor = 1e-10;

    /// <summary>
    /// Frames in a block of double precision on the CPU: 1.5 MB at 32 kHz; a multiple of 3 x 64, so that matrix products fall into whole
    /// tiles and sum every row in the same order (measured: no bit depends on the row).
    /// </summary>
    private const int CpuBlockRows = 192;

    /// <summary>Frames in a block on a GPU, where starting an operation costs more than its memory: 24 MB at 32 kHz.</summary>
    private const int GpuBlockRows = 32 * CpuBlockRows;

    private readonly ConcurrentDictionary<int, MfccTables> _tables = new();
    private readonly Device _device;
    private readonly ScalarType _type;

    /// <summary>Prepares the extraction.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="device">Where the work is done and the results live.</param>
    /// <param name="type">Precision of the results: single or double.</param>
    /// <exception cref="OptionsException">The settings cannot be used.</exception>
    /// <exception cref="ArgumentException">The precision is neither single nor double.</exception>
    public Mfcc(MfccOptions options, Device device, ScalarType type = ScalarType.Float32)
    {
        options.Validate();
        if (type is not (ScalarType.Float32 or ScalarType.Float64))
            throw new ArgumentException($"MFCC are computed in Float32 or Float64, not {type}.", nameof(type));
        ComputeDevice.Load();
        (Options, _device, _type) = (options, device, type);
    }

    /// <summary>The settings.</summary>
    public MfccOptions Options { get; }

    /// <inheritdoc/>
    public int Dimension => Options.Dimension;

    /// <inheritdoc/>
    public string Description => FormattableString.Invariant($"{ArithmeticVersion} {Json.WriteCompact(Options)}");

    /// <summary>Features of one recording.</summary>
    /// <param name="clip">The recording.</param>
    /// <returns>(frame, coefficient); the caller disposes of it.</returns>
    /// <exception cref="ArgumentException">The samples hold NaN or infinity, or the sample rate does not suit the settings.</exception>
    public Tensor Extract(AudioClip clip) => ExtractAll([clip])[0];

    /// <summary>The same of a recording that need not be in memory.</summary>
    /// <param name="recording">
    /// A clip, or a file that is read piece by piece (<see cref="WaveFile.Open"/>): then memory does not depend on its length but for the
    /// result.
    /// </param>
    /// <returns>(frame, coefficient); the caller disposes of it.</returns>
    /// <exception cref="ArgumentException">The samples hold NaN or infinity, or the sample rate does not suit the settings.</exception>
    /// <exception cref="AudioException">The recording cannot be read.</exception>
    internal Tensor Extract(ISampleSource recording) => ExtractAll([recording])[0];

    /// <summary>
    /// Features of many recordings together; lengths and sample rates may differ. A recording's numbers do not depend on the others.
    /// </summary>
    /// <param name="clips">The recordings.</param>
    /// <returns>For each recording, in order, (frame, coefficient); the caller disposes of them.</returns>
    /// <exception cref="ArgumentException">Samples hold NaN or infinity, or a sample rate does not suit the settings.</exception>
    public IReadOnlyList<Tensor> Extract(IReadOnlyList<AudioClip> clips) => ExtractAll(clips);

    private Tensor[] ExtractAll(IReadOnlyList<ISampleSource> clips)
    {
        using var work = ComputeScope.Enter();
        using var scope = NewDisposeScope();
        using var gradient = no_grad();
        var features = new Tensor[clips.Count];
        foreach (var group in Enumerable.Range(0, clips.Count).GroupBy(i => clips[i].SampleRate))
        {
            var indices = group.ToArray();
            var results = ExtractAtOneRate(indices, clips, _tables.GetOrAdd(group.Key, rate => new MfccTables(Options, rate)));
            for (var i = 0; i < indices.Length; i++)
                features[indices[i]] = results[i];
        }

        foreach (var matrix in features)
            matrix.MoveToOuterDisposeScope();
        return features;
    }

    private Tensor[] ExtractAtOneRate(int[] indices, IReadOnlyList<ISampleSource> all, MfccTables tables)
    {
        ISampleSource[] clips = [.. indices.Select(i => Options.LevelNormalisation ? new LevelNormaliser(all[i]) : all[i])];
        var energies = FilterEnergies(clips, tables);
        var peaks = energies.Select(e => e.shape[0] == 0 ? zeros([], _type, _device) : e.narrow(1, tables.Bank.Filters, 1).amax([0, 1]))
            .ToArray();
        RefuseUnlessFinite(peaks, indices);
        var cosines = Table(tables.Cosines, _type).t();
        return [.. energies.Zip(peaks, (e, peak) => Features(e.narrow(1, 0, tables.Bank.Filters), peak, cosines))];
    }

    /// <summary>
    /// Steps 1 to 4 in blocks. Returns for each clip (frame, filter + 1): the filters' outputs, then the frame's largest magnitude between
    /// DC and Nyquist.
    /// </summary>
    private Tensor[] FilterEnergies(ISampleSource[] clips, MfccTables tables)
    {
        var frames = clips.Select(c => tables.Grid.Frames(c.Length)).ToArray();
        var energies = frames.Select(count => empty([count, tables.Bank.Filters + 1], _type, _device)).ToArray();
        if (Backend.Accelerates(_device, _type) && Kernels.AcceptsFrames(tables.Grid.Length))
            FrameWorker.Share(clips, tables, frames, energies);
        else
            FilterInTensors(clips, tables, frames, energies);
        return energies;
    }

    private void FilterInTensors(ISampleSource[] clips, MfccTables tables, int[] frames, Tensor[] energies)
    {
        // A GPU takes the precision that was asked for; on the CPU single precision is for the result alone (FrameWorker says why).
        var (rows, type) = _device.type == DeviceType.CPU ? (CpuBlockRows, ScalarType.Float64) : (GpuBlockRows, _type);
        var window = Table(tables.Window, type);
        var bank = Table(tables.Bank.Weights, type);
        foreach (var block in FrameBlock.Plan(frames, tables.Grid, rows))
        {
            using var scope = NewDisposeScope();
            var windowed = block.Frames(clips, tables.Grid, rows, _device, type) * window;
            var magnitudes = fft.rfft(windowed, dim: 1).abs();
            var peaks = magnitudes.narrow(1, 1, (tables.Grid.Length - 1) / 2).amax([1], keepdim: true);
            var all = cat([bank.mm(magnitudes.t()).t(), peaks], 1);
            foreach (var run in block.Runs)
                energies[run.Clip].narrow(0, run.FirstFrame, run.Frames).copy_(all.narrow(0, run.Row, run.Frames));
        }
    }

    /// <summary>Steps 5 to 7 of one clip: (frame, filter) -> (frame, coefficient).</summary>
    private Tensor Features(Tensor energies, Tensor peak, Tensor cosines)
    {
        using var scope = NewDisposeScope();
        if (energies.shape[0] == 0)
            return empty([0, Options.Dimension], _type, _device).MoveToOuterDisposeScope();
        var floor = (peak * RelativeFloor).clamp_min(SmallestNormal);
        var features = maximum(energies, floor).log().mm(cosines);
        if (Options.Deltas)
            features = Deltas.Append(features);
        if (Options.Cmvn)
            features = Cmvn.Normalise(features);
        return features.MoveToOuterDisposeScope();
    }

    /// <summary>NaN and infinity among the samples reach the largest magnitude: one look at it, once for all clips.</summary>
    private static void RefuseUnlessFinite(Tensor[] peaks, int[] indices)
    {
        var finite = stack(peaks).isfinite().cpu();
        for (var i = 0; i < indices.Length; i++)
        {
            if (!finite[i].item<bool>())
                throw new ArgumentException($"Clip {indices[i]} holds samples that are NaN, infinite or too large to square: read it again or leave it out.");
        }
    }

    /// <remarks>
    /// TorchSharp hands managed memory to libtorch as it lies, on any multiple of 8 bytes, and MKL sums in another order where 16 do not
    /// divide the address: the copy (64 bytes) makes one recording's numbers the same bits in each call.
    /// </remarks>
    private Tensor Table(Array values, ScalarType type)
    {
        using var managed = values is double[,] matrix ? tensor(matrix, type, CPU) : tensor((double[])values, type, CPU);
        return managed.clone().to(_device);
    }
}
