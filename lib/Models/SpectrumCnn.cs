using DeviceId.Data;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DeviceId.Models;

/// <summary>
/// A reconstruction of a CNN on spectra (G. Baldini, I. Amerini, "Smartphones identification through the built-in microphones with
/// convolutional neural network", IEEE Access 7, 2019): convolutions along the frequencies of a segment's mean spectrum.
/// </summary>
/// <remarks>
/// Known from the abstract: a CNN classifies spectra of recordings, and is compared with shallow learners. Our choice, because layers and
/// sizes are not stated there: the input is mean and standard deviation over the frames of each column of the segment, so any feature with
/// columns in the order of frequency can be used (log mel energies, log spectrum, constant-Q); three convolutions along the columns, each
/// with batch normalisation, ReLU and max pooling by 2, then a hidden layer. A constant channel moves the means, and is kept.
/// </remarks>
internal sealed class SpectrumCnn : DeviceNetwork
{
    /// <summary>Minimum number of columns: each of the three layers halves them.</summary>
    public const int MinColumns = 1 << 3;

    private static readonly int[] Kernels = [16, 32, 64];

    private readonly Module<Tensor, Tensor> convolutions;
    private readonly Module<Tensor, Tensor> backEnd;

    internal SpectrumCnn(SpectrumCnnOptions options, SampleShape shape, Device device) : base(nameof(SpectrumCnn), options, shape)
    {
        convolutions = Sequential(
            Layer(2, Kernels[0], device), Layer(Kernels[0], Kernels[1], device), Layer(Kernels[1], Kernels[2], device));
        backEnd = Sequential(
            Branches.Project(Kernels[2] * (shape.Columns / MinColumns), options.Hidden, options.Dropout, device),
            Branches.BackEnd(options.Hidden, [], shape.Devices, device));
        RegisterComponents();
    }

    /// <summary>Logits (sample, device) of the single output.</summary>
    /// <param name="supervectors">Ignored.</param>
    /// <param name="segments">(sample, frame, column).</param>
    public override PstnnOutput forward(Tensor supervectors, Tensor segments)
    {
        using var scope = NewDisposeScope();
        var spectra = stack([segments.mean([1]), segments.std(1, unbiased: false)], 1); // (sample, 2, column)
        return new PstnnOutput(null, null, backEnd.call(convolutions.call(spectra)).MoveToOuterDisposeScope());
    }

    private static Module<Tensor, Tensor> Layer(int channels, int kernels, Device device) =>
        Sequential(Conv1d(channels, kernels, 5, padding: 2, device: device), BatchNorm1d(kernels, device: device), ReLU(), MaxPool1d(2));
}
