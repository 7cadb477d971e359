using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DeviceId.Acceleration.Layers;

/// <summary>One LSTM layer, batch first, in one or two directions: in float32 on the CPU by kernels, elsewhere by libtorch.</summary>
/// <remarks>
/// Both give the same result to rounding. Names, shapes and initial weights are those of <c>nn.LSTM</c>. libtorch starts several parallel
/// operations in each time step and waits for all threads after each, which takes longer than their arithmetic.
/// </remarks>
internal sealed class AcceleratedLstm : Module<Tensor, Tensor>
{
    // libtorch's layer over the same parameters.
    private readonly LSTM _libtorch;

    /// <param name="inputs">Values of a time step.</param>
    /// <param name="units">Units of a direction.</param>
    /// <param name="bidirectional">Whether a second direction goes from the last step to the first.</param>
    /// <param name="device">Where the parameters are made.</param>
    public AcceleratedLstm(int inputs, int units, bool bidirectional, Device device) : base(nameof(AcceleratedLstm))
    {
        _libtorch = LSTM(inputs, units, batchFirst: true, bidirectional: bidirectional, device: device);
        foreach (var (name, parameter) in _libtorch.named_parameters())
        {
            // The layer keeps them on its native side too, and so lets a scope around its making take the managed ones away.
            parameter.DetachFromDisposeScope();
            register_parameter(name, parameter);
        }
    }

    /// <summary>(sample, step, input) to (sample, step, direction x unit).</summary>
    public override Tensor forward(Tensor input) =>
        Backend.Accelerates(input) && Kernels.AcceptsLstm(input, Parameters) ? Accelerated(input) : Reference(input);

    internal Tensor Reference(Tensor input)
    {
        // The scope also frees the states that LSTM.call makes and hands out without being asked.
        using var scope = NewDisposeScope();
        return _libtorch.call(input).Item1.MoveToOuterDisposeScope();
    }

    internal Tensor Accelerated(Tensor input) =>
        is_grad_enabled() ? LstmFunction.apply([input, .. Parameters])
            : LstmKernel.Forward(input, Parameters, savesActivations: false).Output;

    /// <summary>The parameters are registered above; libtorch's layer is not, for it does not run where the kernels do.</summary>
    protected override void RegisterComponents()
    {
    }

    /// <summary>Moves libtorch's layer, which changes its parameters in place; the base would put copies of them here alone.</summary>
    protected override void _toEpilog(ScalarType? dtype, Device? device, bool non_blocking)
    {
        if (dtype is { } type)
            _libtorch.to(type, non_blocking: non_blocking);
        if (device is not null)
            _libtorch.to(device, non_blocking: non_blocking);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _libtorch.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Of each direction in turn: W_ih (gate x unit, input), W_hh (gate x unit, unit), b_ih and b_hh (gate x unit).</summary>
    private Tensor[] Parameters => [.. parameters()];
}
