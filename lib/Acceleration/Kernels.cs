using System.Runtime.Intrinsics.X86;
using DeviceId.Acceleration.Fourier;
using DeviceId.Acceleration.Layers;
using DeviceId.Acceleration.MatrixMultiply;
using DeviceId.Acceleration.Simd;
using DeviceId.Foundation;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Acceleration;

/// <summary>Which kernel accepts which input: the only place that checks shapes and the processor.</summary>
/// <remarks>Device, element type and the backend switch are checked before, by <see cref="Backend"/>.</remarks>
internal static class Kernels
{
    /// <summary>Minimum batch size: for smaller batches libtorch's GEMM is as fast.</summary>
    internal const int MinGemmSamples = 32;

    /// <summary>Maximum width of a feature map; wider ones are left to libtorch's convolution.</summary>
    private const int MaxGlobalPoolColumns = 3;

    private static bool? s_multipliesLinear;

    /// <summary>Whether training uses <see cref="Gemm"/> for linear layers and large batches. Tests and benchmarks set it.</summary>
    /// <remarks>
    /// The default is true with AVX-512 on processors that are not Intel's: MKL, which libtorch uses, does not use AVX-512 on them
    /// (docs/acceleration.md).
    /// </remarks>
    internal static bool MultipliesLinear
    {
        get => s_multipliesLinear ??= IsGemmFaster();
        set => s_multipliesLinear = value;
    }

    /// <summary>Whether a linear layer in prediction uses <see cref="SmallBatchGemm"/>.</summary>
    /// <param name="input">(sample, input).</param>
    public static bool AcceptsSmallBatch(Tensor input) => !is_grad_enabled() && input.shape[0] is > 0 and <= SmallBatchGemm.MaxSamples;

    /// <summary>Whether a linear layer in training uses <see cref="Gemm"/>.</summary>
    /// <param name="input">(sample, input).</param>
    public static bool AcceptsLinear(Tensor input) => MultipliesLinear && is_grad_enabled() && input.shape[0] >= MinGemmSamples;

    /// <summary>Whether an LSTM layer uses the kernels: weights match the input, and no buffer exceeds 2 GB, the limit of a span.</summary>
    /// <param name="input">(sample, step, input).</param>
    /// <param name="parameters">The layer's parameters in libtorch's order.</param>
    public static bool AcceptsLstm(Tensor input, IReadOnlyList<Tensor> parameters) =>
        input.dim() == 3 && input.numel() > 0 && parameters[0].shape[1] == input.shape[2]
        && parameters.All(p => p.is_contiguous())
        && LstmActivations.MaxBytes(LstmKernel.Shape<Simd512>(input, parameters)) <= int.MaxValue;

    /// <summary>Whether a convolution uses the kernel for 3 x 3, one channel, two columns, average pooling over windows of rows.</summary>
    /// <param name="maps">(sample, channel, row, column).</param>
    /// <param name="weight">(kernel, channel, row, column).</param>
    /// <param name="poolRows">Rows of a pooling window.</param>
    public static bool AcceptsPairConvolution(Tensor maps, Tensor weight, int poolRows) =>
        maps.dim() == 4 && maps.shape[0] > 0 && maps.shape[1] == 1 && maps.shape[2] >= poolRows && maps.shape[3] == 2
        && weight.shape[2] == 3 && weight.shape[3] == 3 && weight.shape[0] % Simd512.Count == 0;

    /// <summary>Whether a convolution pooled over all rows uses the kernel: few columns, and rows that fill whole micro-kernels.</summary>
    /// <param name="maps">(sample, channel, row, column).</param>
    /// <param name="weight">(kernel, channel, row, column).</param>
    public static bool AcceptsGlobalPool(Tensor maps, Tensor weight) =>
        maps.dim() == 4 && maps.shape[0] > 0 && maps.shape[3] <= MaxGlobalPoolColumns
        && maps.shape[1] * maps.shape[3] % MicroKernel.Columns<Simd512>() == 0
        && maps.shape[3] * weight.shape[0] % MicroKernel.Columns<Simd512>() == 0;

    /// <summary>Whether a step of Adam uses the kernel: contiguous float32 tensors.</summary>
    /// <param name="parameter">Any shape.</param>
    /// <param name="gradient">Same shape as <paramref name="parameter"/>.</param>
    public static bool AcceptsAdam(Tensor parameter, Tensor gradient) =>
        gradient.dtype == ScalarType.Float32 && parameter.is_contiguous() && gradient.is_contiguous();

    /// <summary>Whether MFCC use the kernels: the frame length has no large prime factor.</summary>
    /// <param name="length">Samples in a frame.</param>
    public static bool AcceptsFrames(int length) => FrameSpectrum.Accepts(length);

    /// <summary>Whether the kernels do all large products of a training step: all linear layers, and no libtorch convolution.</summary>
    /// <remarks>libtorch then has only small operations left, which are fastest on one thread.</remarks>
    public static bool KernelsDoAllLargeProducts(nn.Module network, Device device, int batchSize) =>
        Backend.Accelerates(device, ScalarType.Float32) && MultipliesLinear && batchSize >= MinGemmSamples
        && !network.modules().Any(module => module is TorchSharp.Modules.Conv2d or AcceleratedLinear { InBFloat16: true });

    /// <inheritdoc cref="Backend.Kernels"/>
    public static IReadOnlyList<(string Kernel, string Takes, string Here)> Table()
    {
        var width = Simd512.IsSupported ? "512 bits" : Simd256.IsSupported ? "256 bits" : "128 bits";
        string Runs(bool isUsed, string otherwise) =>
            !ComputeDevice.IsAccelerated ? $"off ({ComputeDevice.BackendVariable}=torch)" : isUsed ? $"yes, {width}" : otherwise;
        return
        [
            ("AcceleratedLinear, training", $"{MinGemmSamples} samples or more",
                Runs(MultipliesLinear, "no: libtorch's GEMM is as fast on this processor")),
            ("AcceleratedLinear, prediction", $"up to {SmallBatchGemm.MaxSamples} samples", Runs(true, "")),
            ("AcceleratedLstm", "any layer whose activations fit 2 GB", Runs(true, "")),
            ("ConvReluPool, windows of rows", "3 x 3, a multiple of 16 kernels, over maps of one channel and two columns", Runs(true, "")),
            ("ConvReluPool, all rows",
                $"maps of at most {MaxGlobalPoolColumns} columns; columns x channels a multiple of 32, before and after", Runs(true, "")),
            ("Adam", "contiguous parameters", Runs(true, "")),
            ("Gaussian mixtures: EM, MAP", "any mixture", Runs(true, "")),
            ("Fourier transform and filters of MFCC", "frames whose length has no prime factor above 500", Runs(true, "")),
        ];
    }

    /// <summary>Whether <see cref="Gemm"/> is faster than libtorch's GEMM on this processor.</summary>
    internal static bool IsGemmFaster() => Simd512.IsSupported && !IsIntel();

    // The first four letters of "GenuineIntel", the vendor string of CPUID leaf 0.
    private static bool IsIntel() => X86Base.IsSupported && X86Base.CpuId(0, 0).Ebx == 0x756E6547;
}
