using System.Collections.Concurrent;
using DeviceId.Audio;
using DeviceId.Foundation;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>
/// A feature that computes the frames of all recordings in blocks of one size, and then completes each recording by itself.
/// </summary>
/// <remarks>
/// Frames are computed in float64 on each device. All blocks have the same shape, so that the features of a recording do not depend on the
/// others. A recording with less than one frame gives an empty matrix.
/// </remarks>
internal sealed class BlockFeatures : IFrameFeatures
{
    /// <summary>Frames per block on the CPU: a second of audio. An answer about a shorter recording takes as long.</summary>
    private const int CpuBlockRows = 64;

    /// <summary>Frames per block on a GPU, where launch overhead matters more than memory.</summary>
    private const int GpuBlockRows = 1024;

    private readonly ConcurrentDictionary<int, FrameTransform> _transforms = new();
    private readonly FeatureOptions _options;
    private readonly Device _device;
    private readonly Func<int, FrameTransform> _create;

    /// <summary>Prepares the extraction.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="device">Device that computes and holds the results.</param>
    /// <param name="arithmeticVersion">Changes whenever the results change.</param>
    /// <param name="create">Makes the transform for a sampling rate (Hz).</param>
    /// <exception cref="OptionsException">The settings are invalid.</exception>
    public BlockFeatures(FeatureOptions options, Device device, int arithmeticVersion, Func<int, FrameTransform> create)
    {
        options.Validate();
        ComputeDevice.Load();
        (_options, _device, _create) = (options, device, create);
        Description = FormattableString.Invariant($"{Json.WriteCompact(options)} arithmetic {arithmeticVersion}");
    }

    /// <inheritdoc/>
    public int Dimension => _options.Dimension;

    /// <inheritdoc/>
    public string Description { get; }

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Extract(IReadOnlyList<AudioClip> clips) => Extract(clips, CancellationToken.None);

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Extract(IReadOnlyList<AudioClip> clips, CancellationToken cancellationToken)
    {
        using var compute = ComputeScope.Enter();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        for (var i = 0; i < clips.Count; i++)
            RequireFinite(Array.TrueForAll(clips[i].Samples, float.IsFinite), i);
        var features = new Tensor[clips.Count];
        foreach (var group in Enumerable.Range(0, clips.Count).GroupBy(i => clips[i].SampleRate))
            ExtractAtOneRate([.. group], clips, _transforms.GetOrAdd(group.Key, _create), features, cancellationToken);
        foreach (var matrix in features)
            matrix.MoveToOuterDisposeScope();
        return features;
    }

    private void ExtractAtOneRate(
        int[] indices, IReadOnlyList<AudioClip> all, FrameTransform transform, Tensor[] features, CancellationToken cancellationToken)
    {
        AudioClip[] clips = [.. indices.Select(i => transform.Prepare(all[i]))];
        var columns = ComputeFrames(clips, transform, cancellationToken);
        for (var i = 0; i < indices.Length; i++)
        {
            using var scope = NewDisposeScope();
            var isEmpty = columns[i].shape[0] == 0;
            var completed = isEmpty ? empty([0, Dimension], ScalarType.Float32, _device) : transform.Complete(columns[i]);
            RequireFinite(isEmpty || completed.isfinite().all().item<bool>(), indices[i]);
            features[indices[i]] = completed.MoveToOuterDisposeScope();
        }
    }

    private Tensor[] ComputeFrames(AudioClip[] clips, FrameTransform transform, CancellationToken cancellationToken)
    {
        var rows = _device.type == DeviceType.CPU ? CpuBlockRows : GpuBlockRows;
        var frames = clips.Select(clip => transform.Grid.Frames(clip.Samples.Length)).ToArray();
        var columns = frames.Select(count => empty([count, transform.Width], ScalarType.Float32, _device)).ToArray();
        foreach (var block in FrameBlock.Plan(frames, transform.Grid, rows))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var computed = transform.Compute(block.Frames(clips, transform.Grid, rows, _device, ScalarType.Float64));
            foreach (var run in block.Runs)
                columns[run.Clip].narrow(0, run.FirstFrame, run.Frames).copy_(computed.narrow(0, run.Row, run.Frames));
        }

        return columns;
    }

    private static void RequireFinite(bool isFinite, int clip)
    {
        if (!isFinite)
            throw new ArgumentException(
                $"Clip {clip} contains samples that are NaN, infinite or too large: read it again or leave it out.");
    }
}
