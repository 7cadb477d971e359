using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using DeviceId.Audio;
using DeviceId.Foundation;

namespace DeviceId.Degradations;

/// <summary>A degradation of one's own, from a notebook cell: a function from samples to samples.</summary>
/// <remarks>
/// The version string is part of the key of stored results: raise it when the function changes. A hash of the source is stored beside it,
/// so that a change under the same version is noticed. What was read from a file knows its name and cannot be applied.
/// </remarks>
[OptionsKind("custom")]
public sealed record CustomDegradation : Degradation
{
    private readonly Func<AudioClip, SplitMix64, AudioClip>? _change;

    /// <summary>A degradation of one's own.</summary>
    /// <param name="version">Name and version, such as "wind v1".</param>
    /// <param name="amount">How much.</param>
    /// <param name="amountUnit">The unit of <paramref name="amount"/>.</param>
    /// <param name="change">The clip after it, at the same sampling rate; everything random comes from the second argument.</param>
    /// <param name="text">Left to the compiler: the function as it is written.</param>
    public CustomDegradation(
        string version, double amount, string amountUnit, Func<AudioClip, SplitMix64, AudioClip> change,
        [CallerArgumentExpression(nameof(change))] string text = "") =>
        (Version, Amount, AmountUnit, _change, Source) = (version, amount, amountUnit, change, SourceHash.Compute(change, text));

    [JsonConstructor]
    internal CustomDegradation(string version, double amount, string amountUnit, string source) =>
        (Version, Amount, AmountUnit, Source) = (version, amount, amountUnit, source);

    /// <summary>Name and version.</summary>
    public string Version { get; }

    /// <summary>How much.</summary>
    public double Amount { get; }

    /// <summary>The unit of <see cref="Amount"/>.</summary>
    public string AmountUnit { get; }

    /// <summary>Hash of the function's source.</summary>
    [NotInKey]
    public string Source { get; }

    /// <inheritdoc/>
    public override string Name => Version;

    /// <inheritdoc/>
    public override double Strength => Amount;

    /// <inheritdoc/>
    public override string Quantity => "amount";

    /// <inheritdoc/>
    public override string Unit => AmountUnit;

    /// <inheritdoc/>
    public override IEnumerable<string> Problems() => _change is null ? [CustomPart.Missing("degradation", Version)] : [];

    /// <inheritdoc/>
    protected override AudioClip Change(AudioClip clip, SplitMix64 random) => _change!(clip, random);
}
