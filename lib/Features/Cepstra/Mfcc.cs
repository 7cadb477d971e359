using System.Collections.Concurrent;
using DeviceId.Acceleration;
using DeviceId.Audio;
using DeviceId.Foundation;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>Mel-frequency cepstral coefficients with deltas: c0..c12 | deltas | delta-deltas, one row per frame.</summary>
/// <remarks>
/// Follows VOICEBOX <c>melcepst</c>, mode '0dD'; docs/mfcc.md gives the full definition:
/// <list type="number">
/// <item>cut into frames (<see cref="FrameGrid"/>; no padding, pre-emphasis, dither or mean removal);</item>
/// <item>symmetric Hamming window 0.54 - 0.46 cos(2 pi k / (n - 1));</item>
/// <item>magnitude (not power) of an FFT as long as the frame;</item>
/// <item>mel filters (<see cref="FilterBank"/>);</item>
/// <item>natural logarithm with the floor <c>sqrt(P 1e-20)</c>, where P is the largest squared magnitude of the whole recording between DC
/// and half the sampling rate;</item>
/// <item>orthonormal DCT-II, no lifter;</item>
/// <item>deltas (<see cref="Deltas"/>) and, if enabled, mean and variance normalisation (<see cref="Cmvn"/>).</item>
/// </list>
/// For digital silence (P = 0) the floor is the smallest normal float32, 1.1755e-38, so that c0 = -87.3365 sqrt(filters) and all other
/// columns are 0 up to rounding. A recording with less than one frame gives an empty matrix.
/// </remarks>
public sealed class Mfcc : IFrameFeatures
{
    /// <summary>Changes whenever the results change. It is part of the name of every cache entry.</summary>
    public const int ArithmeticVersion = 4;

    /// <summary>Smallest normal float32: the floor of the filter outputs in digital silence.</summary>
    private const double SmallestNormal = 1.17549435082228750797e-38;

    /// <summary>Floor relative to the largest magnitude of the recording: sqrt(1e-20).</summary>
    private const double RelativeFloor = 1e-10;

    /// <summary>
    /// Frames per block in float64 on the CPU: 1.5 MB at 32 kHz. A multiple of 3 x 64, so that matrix products consist of whole
    /// micro-kernels and sum every row in the same order (measured: the results are bit-identical for any row).
    /// </summary>
    private const int CpuBlockRows = 192;

    /// <summary>Frames per block on a GPU, where launch overhead matters more than memory: 24 MB at 32 kHz.</summary>
    private const int GpuBlockRows = 32 * CpuBlockRows;

    private readonly ConcurrentDictionary<int, MfccTables> _tables = new();
    private readonly Device _device;
    private readonly ScalarType _type;

    /// <summary>Prepares the extraction.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="device">Device that computes and holds the results.</param>
    /// <param name="type">Data type of the results: Float32 or Float64.</param>
    /// <exception cref="DeviceIdException">The settings are invalid.</exception>
    /// <exception cref="ArgumentException">The data type is neither Float32 nor Float64.</exception>
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

    /// <summary>Extracts the features of one recording.</summary>
    /// <param name="clip">The recording.</param>
    /// <returns>(frame, coefficient); the caller disposes of it.</returns>
    /// <exception cref="ArgumentException">Samples are NaN or infinite, or the sampling rate is incompatible with the settings.</exception>
    public Tensor Extract(AudioClip clip) => ExtractAll([clip])[0];

    /// <summary>Extracts the features of one recording that need not be in memory.</summary>
    /// <param name="recording">
    /// A clip, or a file that is read in chunks (<see cref="WaveFile.Open"/>). With a file, only the size of the result depends on the
    /// duration.
    /// </param>
    /// <returns>(frame, coefficient); the caller disposes of it.</returns>
    /// <exception cref="ArgumentException">Samples are NaN or infinite, or the sampling rate is incompatible with the settings.</exception>
    /// <exception cref="AudioException">The recording cannot be read.</exception>
    internal Tensor Extract(ISampleSource recording) => ExtractAll([recording])[0];

    /// <summary>
    /// Extracts the features of several recordings; lengths and sampling rates may differ. The features of a recording do not depend on
    /// the others.
    /// </summary>
    /// <param name="clips">The recordings.</param>
    /// <returns>For each recording, in order, (frame, coefficient); the caller disposes of them.</returns>
    /// <exception cref="ArgumentException">Samples are NaN or infinite, or a sampling rate is incompatible with the settings.</exception>
    public IReadOnlyList<Tensor> Extract(IReadOnlyList<AudioClip> clips) => ExtractAll(clips);

    /// <summary>Whether a recording can be extracted in blocks: its frames do not depend on the whole recording.</summary>
    internal bool WorksInBlocks => !Options.Cmvn && !Options.LevelNormalisation;

    /// <summary>Number of frames before and after a block that its deltas depend on.</summary>
    internal int BlockContext => Options.Deltas ? DeviceId.Features.Deltas.Reach : 0;

    /// <summary>
    /// Extracts the features of a block of a recording. They are those of the recording if <paramref name="peak"/> is the recording's, or
    /// if no filter output lies below the floor.
    /// </summary>
    /// <param name="block">The block: at least one frame.</param>
    /// <param name="peak">The recording's largest magnitude as far as it is known; 0 for none.</param>
    /// <param name="range">Receives the range of the block.</param>
    /// <returns>(frame, coefficient); the caller disposes of it.</returns>
    /// <exception cref="ArgumentException">Samples are NaN or infinite, or the sampling rate is incompatible with the settings.</exception>
    internal Tensor ExtractBlock(AudioClip block, float peak, out MfccBlockRange range)
    {
        using var compute = ComputeScope.Enter();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var tables = _tables.GetOrAdd(block.SampleRate, rate => new MfccTables(Options, rate));
        var energies = FilterEnergies([block], tables)[0];
        var outputs = energies.narrow(1, 0, tables.Bank.Filters);
        var blockPeak = energies.narrow(1, tables.Bank.Filters, 1).amax([0, 1]);
        RequireFinite([blockPeak], [0]);
        range = new MfccBlockRange(blockPeak.to(ScalarType.Float32).item<float>(), outputs.amin().to(ScalarType.Float32).item<float>());
        return Features(outputs, blockPeak.clamp_min(peak), ToTensor(tables.Cosines, _type).t()).MoveToOuterDisposeScope();
    }

    /// <summary>Whether a block's features would change if the recording's peak were known.</summary>
    /// <param name="range">The block's range.</param>
    /// <param name="used">The peak that the block was extracted with.</param>
    /// <param name="peak">The recording's largest magnitude, at least <paramref name="used"/>.</param>
    internal static bool DependsOnPeak(MfccBlockRange range, float used, float peak) =>
        peak > Math.Max(used, range.Peak) && range.Lowest < peak * RelativeFloor;

    private Tensor[] ExtractAll(IReadOnlyList<ISampleSource> clips)
    {
        using var compute = ComputeScope.Enter();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
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
        Tensor Peak(Tensor e) => e.shape[0] == 0 ? zeros([], _type, _device) : e.narrow(1, tables.Bank.Filters, 1).amax([0, 1]);
        var peaks = energies.Select(Peak).ToArray();
        RequireFinite(peaks, indices);
        var cosines = ToTensor(tables.Cosines, _type).t();
        return [.. energies.Zip(peaks, (e, peak) => Features(e.narrow(1, 0, tables.Bank.Filters), peak, cosines))];
    }

    /// <summary>
    /// Steps 1 to 4, in blocks. Returns (frame, filter + 1) for each clip: the filter outputs, followed by the frame's largest magnitude
    /// between DC and Nyquist.
    /// </summary>
    private Tensor[] FilterEnergies(ISampleSource[] clips, MfccTables tables)
    {
        var frames = clips.Select(c => tables.Grid.Frames(c.Length)).ToArray();
        var energies = frames.Select(count => empty([count, tables.Bank.Filters + 1], _type, _device)).ToArray();
        if (Backend.Accelerates(_device, _type) && Kernels.AcceptsFrames(tables.Grid.Length))
            FrameWorker.ComputeAll(clips, tables, frames, energies);
        else
            FilterWithTensors(clips, tables, frames, energies);
        return energies;
    }

    private void FilterWithTensors(ISampleSource[] clips, MfccTables tables, int[] frames, Tensor[] energies)
    {
        // A GPU computes in the requested data type. The CPU computes in float64 and rounds only the result (FrameWorker explains why).
        var (rows, type) = _device.type == DeviceType.CPU ? (CpuBlockRows, ScalarType.Float64) : (GpuBlockRows, _type);
        var window = ToTensor(tables.Window, type);
        var bank = ToTensor(tables.Bank.Weights, type);
        foreach (var block in FrameBlock.Plan(frames, tables.Grid, rows))
        {
            using var scope = NewDisposeScope();
            var windowed = block.Frames(clips, tables.Grid, rows, _device, type) * window;
            var magnitudes = fft.rfft(windowed, dim: 1).abs();
            var peaks = magnitudes.narrow(1, 1, (tables.Grid.Length - 1) / 2).amax([1], keepdim: true);
            var outputs = cat([bank.mm(magnitudes.t()).t(), peaks], 1);
            foreach (var run in block.Runs)
                energies[run.Clip].narrow(0, run.FirstFrame, run.Frames).copy_(outputs.narrow(0, run.Row, run.Frames));
        }
    }

    /// <summary>Steps 5 to 7 for one clip: (frame, filter) -> (frame, coefficient).</summary>
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

    /// <summary>Checks all clips at once: NaN or infinity in the samples propagates to the largest magnitude.</summary>
    private static void RequireFinite(Tensor[] peaks, int[] indices)
    {
        var finite = stack(peaks).isfinite().cpu();
        for (var i = 0; i < indices.Length; i++)
        {
            if (!finite[i].item<bool>())
                throw new ArgumentException(
                    $"Clip {indices[i]} contains samples that are NaN, infinite or too large to square: read it again or leave it out.");
        }
    }

    /// <summary>Copies a constant table to a tensor on the device.</summary>
    /// <remarks>
    /// TorchSharp passes managed memory to libtorch with an alignment of only 8 bytes, and MKL sums in a different order if the address is
    /// not a multiple of 16. The clone is aligned to 64 bytes, so that the results of a recording are bit-identical in each call.
    /// </remarks>
    private Tensor ToTensor(Array values, ScalarType type)
    {
        using var managed = values is double[,] matrix ? tensor(matrix, type, CPU) : tensor((double[])values, type, CPU);
        return managed.clone().to(_device);
    }
}

/// <summary>What the features of a block have in common with those of the rest of its recording.</summary>
/// <param name="Peak">Largest magnitude between DC and half the sampling rate.</param>
/// <param name="Lowest">Smallest filter output.</param>
internal readonly record struct MfccBlockRange(float Peak, float Lowest);
