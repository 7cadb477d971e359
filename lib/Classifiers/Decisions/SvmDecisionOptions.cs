using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>Settings of a support vector machine on vectors; C is chosen by cross-validation over the training sentences.</summary>
[OptionsKind("svm")]
public sealed record SvmDecisionOptions : DecisionOptions
{
    /// <summary>Whether the kernel is exp(-gamma |x - y|^2), gamma = 1 / (values x variance), instead of the inner product.</summary>
    public bool Rbf { get; init; }

    /// <summary>Values of C to choose from; the smallest is used if there is only one training sentence.</summary>
    public IReadOnlyList<double> Penalties { get; init; } = [0.1, 1, 10, 100];

    /// <inheritdoc/>
    public override IEnumerable<string> Problems() => Penalties.Count == 0 ? ["Penalties is empty: name at least one value of C."]
        : Penalties.SelectMany(penalty => PositiveProblems("A value of Penalties", penalty));

    internal override Decision Fit(TrainingVectors train, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var values = train.Values.to(ScalarType.Float32);
        var kernel = Rbf ? SvmKernel.Rbf : SvmKernel.Linear;
        var options = SvmCrossValidation.ChooseC(
            values, train.Labels, train.Classes, train.Sentences, new SvmOptions { Kernel = kernel, C = Penalties.Min() }, Penalties,
            progress: progress, cancellationToken: cancellationToken);
        return new SvmDecision(SupportVectorMachine.Fit(values, train.Labels, train.Classes, options, cancellationToken));
    }

    internal override Decision Restore(StateReader state, long inputs, int classes)
    {
        var pairs = classes * (classes - 1L) / 2;
        var settings = state.Take("settings", 2).data<double>().ToArray();
        var options = new SvmOptions { Kernel = Rbf ? SvmKernel.Rbf : SvmKernel.Linear, C = settings[0], Gamma = settings[1] };
        var machines = Single(state.Take("machines", pairs, Rbf ? StateReader.Any : inputs));
        var samples = Rbf ? Single(state.Take("samples", machines.shape[1], inputs)) : null;
        return options.Problems().FirstOrDefault() is { } problem ? throw new ArgumentException(problem)
            : new SvmDecision(new SupportVectorMachine(
                options, classes, machines, Single(state.Take("biases", pairs)), Single(state.Take("mean", inputs)), samples));
    }

    private static Tensor Single(Tensor values) => values.to(ScalarType.Float32);
}

/// <summary>A <see cref="SupportVectorMachine"/>, one against one, as a decision.</summary>
/// <param name="machine">The machine; taken over.</param>
internal sealed class SvmDecision(SupportVectorMachine machine) : Decision(Describe(machine))
{
    public override Tensor Scores(Tensor vectors, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        return machine.Scores(vectors.to(ScalarType.Float32), cancellationToken).MoveToOuterDisposeScope();
    }

    public override void Dispose()
    {
        machine.Dispose();
        base.Dispose();
    }

    private static (string Name, Tensor Tensor)[] Describe(SupportVectorMachine machine) =>
    [
        .. machine.State().Select(part => (part.Name, part.Tensor.to(ScalarType.Float64))),
        ("settings", tensor(new[] { machine.Options.C, machine.Options.Gamma }, device: CPU)),
    ];
}
