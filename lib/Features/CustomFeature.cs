using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using DeviceId.Audio;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>A user-defined feature, such as one from a notebook cell: a function from frames to columns.</summary>
/// <remarks>
/// The version string is part of the key of stored results: raise it when the function changes. A hash of the source is stored beside it,
/// so that a change without a new version is detected. A custom feature read from a file has a name but cannot be computed.
/// </remarks>
[OptionsKind("custom")]
public sealed record CustomFeature : FeatureOptions
{
    private readonly Func<Tensor, Tensor>? _compute;

    /// <summary>Creates a user-defined feature.</summary>
    /// <param name="version">Name and version, such as "zero crossings v1".</param>
    /// <param name="columns">Number of columns that the function returns.</param>
    /// <param name="compute">Maps frames (frame, sample), float32 on the CPU, to features (frame, column), float32.</param>
    /// <param name="text">Source text of the function; filled in by the compiler.</param>
    public CustomFeature(
        string version, int columns, Func<Tensor, Tensor> compute, [CallerArgumentExpression(nameof(compute))] string text = "") =>
        (Version, Columns, _compute, Source) = (version, columns, compute, SourceHash.Compute(compute, text));

    [JsonConstructor]
    internal CustomFeature(string version, int columns, string source) => (Version, Columns, Source) = (version, columns, source);

    /// <summary>Name and version.</summary>
    public string Version { get; }

    /// <summary>Number of columns that the function returns.</summary>
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
        return new CustomFrameFeatures(this, _compute!, device);
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        foreach (var problem in base.Problems())
            yield return problem;
        if (Columns < 1)
            yield return $"Columns is {Columns}: a feature has at least one.";
        if (_compute is null)
            yield return CustomPart.Missing("feature", Version);
    }

    /// <summary>Cuts a clip into frames, calls the function on them, and checks the shape of the result.</summary>
    private sealed class CustomFrameFeatures(CustomFeature options, Func<Tensor, Tensor> compute, Device device) : IFrameFeatures
    {
        private const int BlockRows = 192;

        public int Dimension => options.Columns;

        public string Description => FormattableString.Invariant(
            $"custom {options.Version} {options.Source} {options.FrameMilliseconds} {options.FrameRounding} {options.HopFraction}");

        public IReadOnlyList<Tensor> Extract(IReadOnlyList<AudioClip> clips) => [.. clips.Select(Extract)];

        private Tensor Extract(AudioClip clip)
        {
            using var scope = NewDisposeScope();
            using var noGrad = no_grad();
            var grid = options.Grid(clip.SampleRate);
            var count = grid.Frames(clip.Samples.Length);
            var features = zeros([count, options.Columns], ScalarType.Float32, device);
            foreach (var block in FrameBlock.Plan([count], grid, BlockRows))
            {
                using var inner = NewDisposeScope();
                var run = block.Runs[0];
                var frames = block.Frames([clip], grid, BlockRows, CPU, ScalarType.Float32).narrow(0, 0, run.Frames);
                var columns = compute(frames);
                if (!columns.shape.SequenceEqual([run.Frames, options.Columns]))
                    throw new ArgumentException(
                        $"The feature '{options.Version}' returned ({string.Join(", ", columns.shape)}) for {run.Frames} frames, "
                        + $"not ({run.Frames}, {options.Columns}): one row per frame, and the declared number of columns.");
                features.narrow(0, run.FirstFrame, run.Frames).copy_(columns);
            }

            return features.MoveToOuterDisposeScope();
        }
    }
}
