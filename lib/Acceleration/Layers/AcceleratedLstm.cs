using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DeviceId.Acceleration.Layers;

/// <summary>One LSTM layer, batch first, uni- or bidirectional: in float32 on the CPU by kernels, otherwise by libtorch.</summary>
/// <remarks>
/// Both agree up to rounding. Parameter names, shapes and initial weights are those of <c>nn.LSTM</c>. The kernels are faster because
/// libtorch starts several parallel operations in each time step and synchronises all threads after each one, which takes longer than the
/// arithmetic.
/// </remarks>
internal sealed class AcceleratedLstm : Module<Tensor, Tensor>
{
    // libtorch's layer; it shares its parameters with this module.
    private readonly LSTM _libtorch;

    /// <param name="inputs">Input size: values in a time step.</param>
    /// <param name="units">Hidden size: units in one direction.</param>
    /// <param name="bidirectional">Whether a second direction runs from the last step to the first.</param>
    /// <param name="device">Device of the parameters.</param>
    public AcceleratedLstm(int inputs, int units, bool bidirectional, Device device) : base(nameof(AcceleratedLstm))
    {
        _libtorch = LSTM(inputs, units, batchFirst: true, bidirectional: bidirectional, device: device);
        foreach (var (name, parameter) in _libtorch.named_parameters())
        {
            // libtorch's layer holds the parameters on its native side, so a surrounding dispose scope would free the managed handles.
            parameter.DetachFromDisposeScope();
            register_parameter(name, parameter);
        }
    }

    /// <summary>(sample, step, input) to (sample, step, direction x unit).</summary>
    public override Tensor forward(Tensor input) =>
        Backend.Accelerates(input) && Kernels.AcceptsLstm(input, Parameters) ? Accelerated(input) : Reference(input);

    internal Tensor Reference(Tensor input)
    {
        // The scope also frees the final hidden and cell states, which LSTM.call always returns.
        using var scope = NewDisposeScope();
        return _libtorch.call(input).Item1.MoveToOuterDisposeScope();
    }

    internal Tensor Accelerated(Tensor input) =>
        is_grad_enabled() ? LstmFunction.apply([input, .. Parameters])
            : LstmKernel.Forward(input, Parameters, savesActivations: false).Output;

    /// <summary>Does nothing: the constructor registers the parameters.</summary>
    /// <remarks>libtorch's layer is not registered, because it is not called where the kernels are used.</remarks>
    protected override void RegisterComponents()
    {
    }

    /// <summary>Moves libtorch's layer, which changes the parameters in place; the base class would only replace them here.</summary>
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

    /// <summary>For each direction: W_ih (gate x unit, input), W_hh (gate x unit, unit), b_ih (gate x unit), b_hh (gate x unit).</summary>
    private Tensor[] Parameters => [.. parameters()];
}
