using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using DeviceId.Audio;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>A feature of one's own, from a notebook cell: a function from a recording's frames to columns.</summary>
/// <remarks>
/// The version string is part of the key of stored results: raise it when the function changes. A hash of the source is stored beside it,
/// so that a change under the same version is noticed. What was read from a file knows its name and cannot compute.
/// </remarks>
[OptionsKind("custom")]
public sealed record CustomFeature : FeatureOptions
{
    private readonly Func<Tensor, Tensor>? _compute;

    /// <summary>A feature of one's own.</summary>
    /// <param name="version">Name and version, such as "zero crossings v1".</param>
    /// <param name="columns">Columns that the function returns.</param>
    /// <param name="compute">From frames (frame, sample), float32 on the CPU, to (frame, column), float32.</param>
    /// <param name="text">Left to the compiler: the function as it is written.</param>
    public CustomFeature(
        string version, int columns, Func<Tensor, Tensor> compute, [CallerArgumentExpression(nameof(compute))] string text = "") =>
        (Version, Columns, _compute, Source) = (version, columns, compute, SourceHash.Compute(compute, text));

    [JsonConstructor]
    internal CustomFeature(string version, int columns, string source) => (Version, Columns, Source) = (version, columns, source);

    /// <summary>Name and version.</summary>
    public string Version { get; }

    /// <summary>Columns that the function returns.</summary>
    public int Columns { get; }

    /// <summary>Hash of the function's source.</summary>
    [NotInKey]
    public string Source { get; }

    /// <inheritdoc/>
    public override int Dimension => Columns;

    /// <inheritdoc/>
    public override IFrameFeatures Create(Device device)
    {
        Validate();
        return new CustomFrames(this, _compute!, device);
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        foreach (var problem in base.Problems())
            yield return problem;
        if (Columns < 1)
            yield return $"Columns is {Columns}: a feature has one at least.";
        if (_compute is null)
            yield return CustomPart.Missing("feature", Version);
    }

    /// <summary>Cuts the frames, hands them to the function, and checks what comes back.</summary>
    private sealed class CustomFrames(CustomFeature options, Func<Tensor, Tensor> compute, Device device) : IFrameFeatures
    {
        private const int BlockRows = 192;

        public int Dimension => options.Columns;

        public string Description => FormattableString.Invariant(
            $"custom {options.Version} {options.Source} {options.FrameMilliseconds} {options.FrameRounding} {options.HopFraction}");

        public IReadOnlyList<Tensor> Extract(IReadOnlyList<AudioClip> clips) => [.. clips.Select(Extract)];

        private Tensor Extract(AudioClip clip)
        {
            using var scope = NewDisposeScope();
            using var gradient = no_grad();
            var grid = options.Grid(clip.SampleRate);
            var count = grid.Frames(clip.Samples.Length);
            var all = zeros([count, options.Columns], ScalarType.Float32, device);
            foreach (var block in FrameBlock.Plan([count], grid, BlockRows))
            {
                using var inner = NewDisposeScope();
                var run = block.Runs[0];
                var frames = block.Frames([clip], grid, BlockRows, CPU, ScalarType.Float32).narrow(0, 0, run.Frames);
                var columns = compute(frames);
                if (!columns.shape.SequenceEqual([run.Frames, options.Columns]))
                    throw new ArgumentException(
                        $"The feature '{options.Version}' returned ({string.Join(", ", columns.shape)}) for {run.Frames} frames, "
                        + $"not ({run.Frames}, {options.Columns}): one row a frame, and as many columns as it said.");
                all.narrow(0, run.FirstFrame, run.Frames).copy_(columns);
            }

            return all.MoveToOuterDisposeScope();
        }
    }
}
