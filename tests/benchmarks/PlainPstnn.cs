using DeviceId.Data;
using DeviceId.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DeviceId.Benchmarks;

/// <summary>
/// The paper's reference network (DNN + Bi-LSTM, attention) in plain TorchSharp layers: the baseline of the <c>step-plain</c> benchmark.
/// </summary>
internal sealed class PlainPstnn : Module<Tensor, Tensor, PstnnOutput>
{
    private readonly Module<Tensor, Tensor> spatial;
    private readonly LSTM first;
    private readonly LSTM second;
    private readonly Module<Tensor, Tensor> project;
    private readonly Module<Tensor, Tensor> attention;
    private readonly Module<Tensor, Tensor> backEnd;
    private readonly Module<Tensor, Tensor> spatialHead;
    private readonly Module<Tensor, Tensor> temporalHead;

    public PlainPstnn(PstnnOptions options, SampleShape shape) : base(nameof(PlainPstnn))
    {
        var (embedding, p) = (options.Embedding, options.Dropout);
        spatial = Sequential(Block(shape.SupervectorLength, embedding, p), Block(embedding, embedding, p), Block(embedding, embedding, p));
        first = LSTM(shape.Columns, 39, batchFirst: true, bidirectional: true);
        second = LSTM(78, 78, batchFirst: true, bidirectional: true);
        project = Sequential(Flatten(), Linear(shape.Frames * 156L, embedding), ReLU(), Dropout(p));
        attention = Sequential(
            Conv2d(1, 16, 3, padding: 1), ReLU(), AvgPool2d([16, 1]),
            Conv2d(16, 32, 5, padding: 2), ReLU(), AdaptiveAvgPool2d([1, 2]), Flatten(), Linear(64, 2), Sigmoid());
        backEnd = Sequential(
            Linear(embedding, 400), ReLU(), BatchNorm1d(400), Linear(400, 128), ReLU(), BatchNorm1d(128), Linear(128, shape.Devices));
        spatialHead = Linear(embedding, shape.Devices);
        temporalHead = Linear(embedding, shape.Devices);
        RegisterComponents();
    }

    /// <summary>
    /// Logits (sample, device) of the three outputs, from supervectors (sample, value) and segments (sample, frame, coefficient).
    /// </summary>
    public override PstnnOutput forward(Tensor supervectors, Tensor segments)
    {
        using var scope = NewDisposeScope();
        var s = spatial.call(supervectors);
        var t = project.call(second.call(first.call(segments).Item1).Item1);
        var w = attention.call(stack([s, t], dim: 2).unsqueeze(1));
        var fused = (s * w.narrow(1, 0, 1)) + (t * w.narrow(1, 1, 1));
        return new PstnnOutput(
            spatialHead.call(s).MoveToOuterDisposeScope(), temporalHead.call(t).MoveToOuterDisposeScope(),
            backEnd.call(fused).MoveToOuterDisposeScope());
    }

    private static Module<Tensor, Tensor> Block(long inputs, long outputs, double p) =>
        Sequential(Linear(inputs, outputs), ReLU(), BatchNorm1d(outputs), Dropout(p));
}
