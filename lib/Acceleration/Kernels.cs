using System.Runtime.Intrinsics.X86;
using DeviceId.Acceleration.Fourier;
using DeviceId.Acceleration.Layers;
using DeviceId.Acceleration.MatrixMultiply;
using DeviceId.Acceleration.Simd;
using DeviceId.Foundation;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Acceleration;

/// <summary>Which kernel takes which work behind the <see cref="Backend"/>: the only place that checks shapes and processors.</summary>
internal static class Kernels
{
    /// <summary>With fewer samples libtorch's product is as fast.</summary>
    internal const int MinGemmSamples = 32;

    /// <summary>Wider maps are left to libtorch's convolutions.</summary>
    private const int MaxGlobalPoolColumns = 3;

    private static bool? s_multipliesLinear;

    /// <summary>Whether linear layers of large batches are multiplied here in training; tests set it.</summary>
    /// <remarks>With AVX-512 on processors other than Intel's, where libtorch's MKL does not use it (docs/acceleration.md).</remarks>
    internal static bool MultipliesLinear
    {
        get => s_multipliesLinear ??= IsGemmFaster();
        set => s_multipliesLinear = value;
    }

    /// <summary>Prediction: a few samples by a linear layer's weights.</summary>
    /// <param name="input">(sample, input).</param>
    public static bool AcceptsSmallBatch(Tensor input) => !is_grad_enabled() && input.shape[0] is > 0 and <= SmallBatchGemm.MaxSamples;

    /// <summary>Training: a batch by a linear layer's weights.</summary>
    /// <param name="input">(sample, input).</param>
    public static bool AcceptsLinear(Tensor input) => MultipliesLinear && is_grad_enabled() && input.shape[0] >= MinGemmSamples;

    /// <summary>An LSTM layer whose weights fit its input, and whose blocks are below 2 GB, the limit of a span.</summary>
    /// <param name="input">(sample, step, input).</param>
    /// <param name="parameters">The layer's parameters in libtorch's order.</param>
    public static bool AcceptsLstm(Tensor input, IReadOnlyList<Tensor> parameters) =>
        input.dim() == 3 && input.numel() > 0 && parameters[0].shape[1] == input.shape[2]
        && parameters.All(p => p.is_contiguous())
        && LstmActivations.MaxBytes(LstmKernel.Shape<Simd512>(input, parameters)) <= int.MaxValue;

    /// <summary>A convolution of 3 x 3 over maps of one channel and two columns, pooled over windows of rows.</summary>
    /// <param name="maps">(sample, channel, row, column).</param>
    /// <param name="weight">(kernel, channel, row, column).</param>
    /// <param name="poolRows">Rows of a pooling window.</param>
    public static bool AcceptsPairConvolution(Tensor maps, Tensor weight, int poolRows) =>
        maps.dim() == 4 && maps.shape[0] > 0 && maps.shape[1] == 1 && maps.shape[2] >= poolRows && maps.shape[3] == 2
        && weight.shape[2] == 3 && weight.shape[3] == 3 && weight.shape[0] % Simd512.Count == 0;

    /// <summary>A convolution over maps of a few columns, pooled over all rows, whose rows fill whole micro-kernels.</summary>
    /// <param name="maps">(sample, channel, row, column).</param>
    /// <param name="weight">(kernel, channel, row, column).</param>
    public static bool AcceptsGlobalPool(Tensor maps, Tensor weight) =>
        maps.dim() == 4 && maps.shape[0] > 0 && maps.shape[3] <= MaxGlobalPoolColumns
        && maps.shape[1] * maps.shape[3] % MicroKernel.Columns<Simd512>() == 0
        && maps.shape[3] * weight.shape[0] % MicroKernel.Columns<Simd512>() == 0;

    /// <summary>A step of Adam on contiguous float32 tensors.</summary>
    /// <param name="parameter">Any shape.</param>
    /// <param name="gradient">Same shape as <paramref name="parameter"/>.</param>
    public static bool AcceptsAdam(Tensor parameter, Tensor gradient) =>
        gradient.dtype == ScalarType.Float32 && parameter.is_contiguous() && gradient.is_contiguous();

    /// <summary>MFCC of frames whose length has no large prime factor.</summary>
    /// <param name="length">Samples of a frame.</param>
    public static bool AcceptsFrames(int length) => FrameSpectrum.Accepts(length);

    /// <summary>Whether kernels do all large products of a training step: linear layers here, no convolution of libtorch's.</summary>
    /// <remarks>libtorch is then left with small operations, which one thread does best.</remarks>
    public static bool LeaveLibtorchLittle(nn.Module network, Device device, int batchSize) =>
        Backend.Accelerates(device, ScalarType.Float32) && MultipliesLinear && batchSize >= MinGemmSamples
        && !network.modules().Any(module => module is TorchSharp.Modules.Conv2d or AcceleratedLinear { InBFloat16: true });

    /// <inheritdoc cref="Backend.Kernels"/>
    public static IReadOnlyList<(string Kernel, string Takes, string Here)> Table()
    {
        var width = Simd512.IsSupported ? "512 bits" : Simd256.IsSupported ? "256 bits" : "128 bits";
        string Runs(bool takes, string otherwise) =>
            !ComputeDevice.IsAccelerated ? $"off ({ComputeDevice.BackendVariable}=torch)" : takes ? $"yes, {width}" : otherwise;
        return
        [
            ("AcceleratedLinear, training", $"{MinGemmSamples} samples and more",
                Runs(MultipliesLinear, "no: libtorch's product is as fast on this processor")),
            ("AcceleratedLinear, prediction", $"up to {SmallBatchGemm.MaxSamples} samples", Runs(true, "")),
            ("AcceleratedLstm", "any layer whose activations fit 2 GB", Runs(true, "")),
            ("ConvReluPool, groups of rows", "3 x 3 kernels, a multiple of 16, over maps of one channel and two columns", Runs(true, "")),
            ("ConvReluPool, all rows",
                $"maps of at most {MaxGlobalPoolColumns} columns; columns x channels a multiple of 32, before and after", Runs(true, "")),
            ("Adam", "contiguous parameters", Runs(true, "")),
            ("Gaussian mixtures: EM, MAP", "any mixture", Runs(true, "")),
            ("Fourier transform and filters of MFCC", "frames whose length has no prime factor above 500", Runs(true, "")),
        ];
    }

    /// <summary>Whether GEMM here is faster than libtorch's on this processor.</summary>
    internal static bool IsGemmFaster() => Simd512.IsSupported && !IsIntel();

    // The first four letters of "GenuineIntel", the vendor string of CPUID leaf 0.
    private static bool IsIntel() => X86Base.IsSupported && X86Base.CpuId(0, 0).Ebx == 0x756E6547;
}
