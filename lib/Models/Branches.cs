using DeviceId.Acceleration.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DeviceId.Models;

/// <summary>Builds the parts of the networks: branches from a supervector or feature map to an embedding, and the back end.</summary>
internal static class Branches
{
    /// <summary>Output channels of the convolutional layers; each layer halves rows and columns.</summary>
    private static readonly int[] CnnKernels = [6, 16, 40];

    private const int ResNetBlocks = 4;
    private const int ResNetChannels = 16;

    /// <summary>Minimum rows and columns of the input of <see cref="Cnn"/>.</summary>
    public const int MinCnnSize = 1 << 3;

    /// <summary>Minimum rows and columns of the input of <see cref="ResNet"/>.</summary>
    public const int MinResNetSize = 1 << ResNetBlocks;

    /// <summary>
    /// (sample, supervector value) to (sample, embedding): three blocks of linear, ReLU, batch normalisation, dropout (Sections 4.1.1 and
    /// 6.3).
    /// </summary>
    public static Module<Tensor, Tensor> Dnn(int supervector, int embedding, double dropout, Device device) => Sequential(
        DnnBlock(supervector, embedding, dropout, device),
        DnnBlock(embedding, embedding, dropout, device),
        DnnBlock(embedding, embedding, dropout, device));

    /// <summary>
    /// (sample, 1, row, column) to (sample, embedding): three 5 x 5 convolutions, each with batch normalisation, ReLU and max pooling by 2,
    /// then a linear layer (Sections 4.1.2 and 6.3). The paper does not state the padding; it is "same" here, because without it the last
    /// map would be 1 x 4.
    /// </summary>
    public static Module<Tensor, Tensor> Cnn(int rows, int columns, int embedding, double dropout, Device device) => Sequential(
        CnnLayer(1, CnnKernels[0], device),
        CnnLayer(CnnKernels[0], CnnKernels[1], device),
        CnnLayer(CnnKernels[1], CnnKernels[2], device),
        Project(CnnKernels[2] * (rows / MinCnnSize) * (columns / MinCnnSize), embedding, dropout, device));

    /// <summary>
    /// (sample, 1, row, column) to (sample, embedding): four residual blocks, then a linear layer (Sections 4.1.3 and 6.3). A 1 x 1
    /// convolution first expands to the 16 channels that the first skip connection needs.
    /// </summary>
    public static Module<Tensor, Tensor> ResNet(int rows, int columns, int embedding, double dropout, Device device) => Sequential(
        Conv2d(1, ResNetChannels, 1, device: device),
        new ResidualBlock(ResNetChannels, device),
        new ResidualBlock(ResNetChannels, device),
        new ResidualBlock(ResNetChannels, device),
        new ResidualBlock(ResNetChannels, device),
        Project(ResNetChannels * (rows / MinResNetSize) * (columns / MinResNetSize), embedding, dropout, device));

    /// <summary>(sample, …) to (sample, embedding): flatten, linear, ReLU, dropout.</summary>
    public static Module<Tensor, Tensor> Project(long inputs, int embedding, double dropout, Device device) =>
        Sequential(Flatten(), new AcceleratedLinear(inputs, embedding, device), ReLU(), new SeededDropout(dropout));

    /// <summary>
    /// (sample, embedding) to logits (sample, device): hidden layers with ReLU and batch normalisation, then an output layer (Section 5.2).
    /// </summary>
    public static Module<Tensor, Tensor> BackEnd(int embedding, IEnumerable<int> widths, int devices, Device device)
    {
        var layers = new List<Module<Tensor, Tensor>>();
        foreach (var width in widths)
        {
            layers.Add(Sequential(new AcceleratedLinear(embedding, width, device), ReLU(), BatchNorm1d(width, device: device)));
            embedding = width;
        }

        return Sequential([.. layers, new AcceleratedLinear(embedding, devices, device)]);
    }

    private static Module<Tensor, Tensor> DnnBlock(int inputs, int outputs, double dropout, Device device) =>
        Sequential(
            new AcceleratedLinear(inputs, outputs, device), ReLU(), BatchNorm1d(outputs, device: device), new SeededDropout(dropout));

    private static Module<Tensor, Tensor> CnnLayer(int channels, int kernels, Device device) =>
        Sequential(Conv2d(channels, kernels, 5, padding: 2, device: device), BatchNorm2d(kernels, device: device), ReLU(), MaxPool2d(2));
}

/// <summary>Four 3 x 3 convolutions with batch normalisation, skip connection, ReLU, max pooling by 2 (text of Figure 3).</summary>
internal sealed class ResidualBlock : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> path;

    public ResidualBlock(int channels, Device device) : base(nameof(ResidualBlock))
    {
        path = Sequential(
            Convolution(), BatchNorm2d(channels, device: device), ReLU(),
            Convolution(), BatchNorm2d(channels, device: device), ReLU(),
            Convolution(), BatchNorm2d(channels, device: device), ReLU(),
            Convolution(), BatchNorm2d(channels, device: device));
        RegisterComponents();

        Module<Tensor, Tensor> Convolution() => Conv2d(channels, channels, 3, padding: 1, device: device);
    }

    /// <summary>(sample, channel, row, column) to (sample, channel, row / 2, column / 2).</summary>
    public override Tensor forward(Tensor maps)
    {
        using var scope = NewDisposeScope();
        return functional.max_pool2d((path.call(maps) + maps).relu(), 2).MoveToOuterDisposeScope();
    }
}

/// <summary>LSTM layers over the frames; the outputs of all time steps are flattened into a linear layer (Section 4.2).</summary>
internal sealed class RecurrentBranch : Module<Tensor, Tensor>
{
    private readonly TorchSharp.Modules.ModuleList<AcceleratedLstm> layers = new();
    private readonly Module<Tensor, Tensor> project;

    public RecurrentBranch(
        int frames, int coefficients, IEnumerable<int> units, bool bidirectional, int embedding, double dropout, Device device)
        : base(nameof(RecurrentBranch))
    {
        var inputs = coefficients;
        foreach (var hidden in units)
        {
            layers.Add(new AcceleratedLstm(inputs, hidden, bidirectional, device));
            inputs = bidirectional ? 2 * hidden : hidden;
        }

        project = Branches.Project((long)frames * inputs, embedding, dropout, device);
        RegisterComponents();
    }

    /// <summary>(sample, frame, coefficient) to (sample, embedding).</summary>
    public override Tensor forward(Tensor segments)
    {
        using var scope = NewDisposeScope();
        var outputs = segments;
        foreach (var layer in layers)
            outputs = layer.call(outputs);
        return project.call(outputs).MoveToOuterDisposeScope();
    }
}

/// <summary>Reshapes a supervector to a map: (sample, component x coefficient) to (sample, 1, coefficient, component).</summary>
internal sealed class SupervectorMap(int components, int coefficients) : Module<Tensor, Tensor>(nameof(SupervectorMap))
{
    public override Tensor forward(Tensor supervectors)
    {
        using var scope = NewDisposeScope();
        return supervectors.reshape(-1, components, coefficients).transpose(1, 2).unsqueeze(1).MoveToOuterDisposeScope();
    }
}
