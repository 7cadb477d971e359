using DeviceId.Audio;
using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>A feature at one sampling rate: what <see cref="BlockFeatures"/> calls, with the constants that it needs.</summary>
/// <param name="grid">Frame length and hop.</param>
internal abstract class FrameTransform(FrameGrid grid)
{
    /// <summary>Frame length and hop.</summary>
    public FrameGrid Grid { get; } = grid;

    /// <summary>Number of columns of <see cref="Compute"/>.</summary>
    public abstract int Width { get; }

    /// <summary>Changes a recording before it is cut into frames.</summary>
    public virtual AudioClip Prepare(AudioClip clip) => clip;

    /// <summary>Computes each frame by itself.</summary>
    /// <param name="frames">(frame, sample), float64; a view that must not be modified.</param>
    /// <returns>(frame, column), float64; stored as float32.</returns>
    public abstract Tensor Compute(Tensor frames);

    /// <summary>Completes a recording: what needs all of its frames.</summary>
    /// <param name="columns">(frame, column) of <see cref="Compute"/>, float32; at least one frame.</param>
    /// <returns>(frame, column) of the feature, float32.</returns>
    public virtual Tensor Complete(Tensor columns) => columns;

    /// <summary>A constant table on the device, float64, which stays until the feature is collected.</summary>
    /// <remarks>The clone is aligned as libtorch aligns memory, so that sums have the same order in each process.</remarks>
    protected static Tensor Table(Array values, Device device)
    {
        using var managed = values is double[,] matrix
            ? tensor(matrix, ScalarType.Float64, CPU) : tensor((double[])values, ScalarType.Float64, CPU);
        return managed.clone().to(device).DetachFromDisposeScope();
    }
}
