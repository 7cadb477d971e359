using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using DeviceId.Data;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>A system of one's own, from a notebook cell.</summary>
/// <remarks>
/// The version string is part of the key of stored results: raise it when the system changes. A hash of the source is stored beside it, so
/// that a change under the same version is noticed. What was read from a file knows its name and cannot be run.
/// </remarks>
[OptionsKind("custom")]
public sealed record CustomClassifier : ClassifierOptions
{
    private readonly Func<ClassifierContext, IDeviceClassifier>? _make;

    /// <summary>A system that is a function: it learns from samples and returns what scores others.</summary>
    /// <param name="version">Name and version, such as "nearest mean v1".</param>
    /// <param name="learn">
    /// From the training samples to a function from samples to scores (sample, device), float32, the greater the likelier. Tensors that the
    /// second function uses are kept as long as the classifier.
    /// </param>
    /// <param name="text">Left to the compiler: the function as it is written.</param>
    public CustomClassifier(
        string version, Func<TrainDataset, Func<SampleBatch, Tensor>> learn, [CallerArgumentExpression(nameof(learn))] string text = "") =>
        (Version, _make, Source) = (version, _ => new FunctionClassifier(version, learn), SourceHash.Compute(learn, text));

    /// <summary>A system that is a class.</summary>
    /// <param name="version">Name and version, such as "my-src v1".</param>
    /// <param name="make">Makes the system.</param>
    /// <param name="text">Left to the compiler: the function as it is written.</param>
    public CustomClassifier(
        string version, Func<ClassifierContext, IDeviceClassifier> make, [CallerArgumentExpression(nameof(make))] string text = "") =>
        (Version, _make, Source) = (version, make, SourceHash.Compute(make, text));

    [JsonConstructor]
    internal CustomClassifier(string version, string source) => (Version, Source) = (version, source);

    /// <summary>Name and version.</summary>
    public string Version { get; }

    /// <summary>Hash of the system's source.</summary>
    [NotInKey]
    public string Source { get; }

    /// <inheritdoc/>
    public override IEnumerable<string> Problems() => _make is null ? [CustomPart.Missing("classifier", Version)] : [];

    /// <inheritdoc/>
    protected override IDeviceClassifier Make(ClassifierContext context) => _make!(context);
}
