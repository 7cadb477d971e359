using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using DeviceId.Foundation;
using DeviceId.Models;
using static TorchSharp.torch;

namespace DeviceId.Training;

/// <summary>A custom loss, defined in a notebook cell: a function from logits and labels to a scalar.</summary>
/// <remarks>
/// The version string is part of the key of stored results: raise it when the function changes. A hash of the source is stored beside it,
/// so that a change under the same version is noticed. An instance that was read from a file holds the name but no function, so it cannot
/// compute.
/// </remarks>
[OptionsKind("custom")]
public sealed record CustomLoss : LossOptions
{
    private readonly Func<PstnnOutput, Tensor, Tensor>? _compute;

    /// <summary>Creates a custom loss.</summary>
    /// <param name="version">Name and version, such as "label smoothing v1".</param>
    /// <param name="compute">
    /// Function from the outputs' logits (sample, device) and the labels, int64 (sample), to a scalar; called within a dispose scope.
    /// </param>
    /// <param name="text">Supplied by the compiler: the source text of the function.</param>
    public CustomLoss(
        string version, Func<PstnnOutput, Tensor, Tensor> compute, [CallerArgumentExpression(nameof(compute))] string text = "") =>
        (Version, _compute, Source) = (version, compute, SourceHash.Compute(compute, text));

    [JsonConstructor]
    internal CustomLoss(string version, string source) => (Version, Source) = (version, source);

    /// <summary>Name and version.</summary>
    public string Version { get; }

    /// <summary>Hash of the function's source.</summary>
    [NotInKey]
    public string Source { get; }

    /// <inheritdoc/>
    public override ILoss Create()
    {
        Validate();
        return new Loss(_compute!);
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Problems() => _compute is null ? [CustomPart.Missing("loss", Version)] : [];

    private sealed class Loss(Func<PstnnOutput, Tensor, Tensor> compute) : ILoss
    {
        public Tensor Compute(PstnnOutput output, Tensor labels)
        {
            using var scope = NewDisposeScope();
            return compute(output, labels).MoveToOuterDisposeScope();
        }
    }
}
