using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using DeviceId.Audio;
using DeviceId.Foundation;

namespace DeviceId.Degradations;

/// <summary>A user-defined degradation, such as one from a notebook cell: a function from clip to clip.</summary>
/// <remarks>
/// The version string is part of the key of stored results: raise it when the function changes. A hash of the source is stored beside it,
/// so that a change without a new version is detected. A custom degradation read from a file has a name but cannot be applied.
/// </remarks>
[OptionsKind("custom")]
public sealed record CustomDegradation : Degradation
{
    private readonly Func<AudioClip, SplitMix64, AudioClip>? _change;

    /// <summary>Creates a user-defined degradation.</summary>
    /// <param name="version">Name and version, such as "wind v1".</param>
    /// <param name="amount">Strength of the degradation.</param>
    /// <param name="amountUnit">The unit of <paramref name="amount"/>.</param>
    /// <param name="change">Returns the degraded clip at the same sampling rate. All randomness must come from the second argument.</param>
    /// <param name="text">Source text of the function; filled in by the compiler.</param>
    public CustomDegradation(
        string version, double amount, string amountUnit, Func<AudioClip, SplitMix64, AudioClip> change,
        [CallerArgumentExpression(nameof(change))] string text = "") =>
        (Version, Amount, AmountUnit, _change, Source) = (version, amount, amountUnit, change, SourceHash.Compute(change, text));

    [JsonConstructor]
    internal CustomDegradation(string version, double amount, string amountUnit, string source) =>
        (Version, Amount, AmountUnit, Source) = (version, amount, amountUnit, source);

    /// <summary>Name and version.</summary>
    public string Version { get; }

    /// <summary>Strength of the degradation.</summary>
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
