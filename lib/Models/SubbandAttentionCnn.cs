using DeviceId.Acceleration.Layers;
using DeviceId.Data;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DeviceId.Models;

/// <summary>
/// A reconstruction of the subband-aware CNN with channel attention (X. Lin, J. Zhu, D. Chen, "Subband aware CNN for cell-phone
/// recognition", IEEE Signal Processing Letters 27, 2020): a convolutional stream per subband, weighted channels, one back end.
/// </summary>
/// <remarks>
/// Known from the abstract: several streams, each for a subband of the spectrogram, and attention over channels. Our choice, because sizes
/// are not stated there: subbands of equal numbers of columns, in each three 3 x 3 convolutions with 16, 32 and 64 channels, batch
/// normalisation, ReLU and max pooling by 2; the mean of each channel; squeeze-and-excitation over the channels of all subbands together
/// (J. Hu, L. Shen, G. Sun, CVPR 2018), which commutes with the mean; a hidden layer of 128. A constant channel is kept.
/// </remarks>
internal sealed class SubbandAttentionCnn : DeviceNetwork
{
    /// <summary>Minimum number of frames, and of columns in a subband: each of the three layers halves both.</summary>
    public const int MinSize = 1 << 3;

    private static readonly int[] Kernels = [16, 32, 64];

    private readonly ModuleList<Module<Tensor, Tensor>> streams = new();
    private readonly Module<Tensor, Tensor> attention;
    private readonly Module<Tensor, Tensor> backEnd;
    private readonly int subbands;

    internal SubbandAttentionCnn(SubbandAttentionCnnOptions options, SampleShape shape, Device device)
        : base(nameof(SubbandAttentionCnn), options, shape)
    {
        subbands = options.Subbands;
        for (var subband = 0; subband < subbands; subband++)
            streams.Add(Sequential(
                Layer(1, Kernels[0], device), Layer(Kernels[0], Kernels[1], device), Layer(Kernels[1], Kernels[2], device)));
        var (channels, squeezed) = (subbands * Kernels[2], Math.Max(1, subbands * Kernels[2] / options.Reduction));
        attention = Sequential(
            new AcceleratedLinear(channels, squeezed, device), ReLU(), new AcceleratedLinear(squeezed, channels, device), Sigmoid());
        backEnd = Sequential(
            Branches.Project(channels, options.Hidden, options.Dropout, device),
            Branches.BackEnd(options.Hidden, [], shape.Devices, device));
        RegisterComponents();
    }

    /// <summary>Logits (sample, device) of the single output.</summary>
    /// <param name="supervectors">Ignored.</param>
    /// <param name="segments">(sample, frame, column).</param>
    public override PstnnOutput forward(Tensor supervectors, Tensor segments)
    {
        using var scope = NewDisposeScope();
        var means = Means(segments);
        return new PstnnOutput(null, null, backEnd.call(means * attention.call(means)).MoveToOuterDisposeScope());
    }

    /// <summary>Weights (sample, subband x channel), each in (0, 1).</summary>
    protected override Tensor? Attention(Tensor supervectors, Tensor segments) => attention.call(Means(segments));

    /// <summary>Means of the channels of all subbands (sample, subband x channel).</summary>
    private Tensor Means(Tensor segments)
    {
        var maps = segments.unsqueeze(1); // (sample, 1, frame, column)
        return cat([.. streams.Select((stream, subband) => stream.call(Cut(maps, subband)).mean([2, 3]))], 1);
    }

    /// <summary>The columns of a subband; with a remainder, the higher subbands have one column more.</summary>
    private Tensor Cut(Tensor maps, int subband)
    {
        var columns = maps.shape[3];
        var first = columns * subband / subbands;
        return maps.narrow(3, first, (columns * (subband + 1) / subbands) - first);
    }

    private static Module<Tensor, Tensor> Layer(int channels, int kernels, Device device) =>
        Sequential(Conv2d(channels, kernels, 3, padding: 1, device: device), BatchNorm2d(kernels, device: device), ReLU(), MaxPool2d(2));
}
