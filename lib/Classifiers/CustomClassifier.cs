using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using DeviceId.Data;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>A user-defined classifier, from a notebook cell.</summary>
/// <remarks>
/// The version string is part of the key of stored results: raise it when the classifier changes. A hash of the source is stored with it,
/// so that a change under the same version is noticed. Settings read from a file contain the version but not the code, and cannot be run.
/// </remarks>
[OptionsKind("custom")]
public sealed record CustomClassifier : ClassifierOptions
{
    private readonly Func<ClassifierContext, IDeviceClassifier>? _make;

    /// <summary>A classifier given as a function that trains on samples and returns a scoring function.</summary>
    /// <param name="version">Name and version, such as "nearest mean v1".</param>
    /// <param name="learn">
    /// Takes the training samples and returns a function from samples to scores (sample, device), float32, higher for the likelier device.
    /// Tensors that the scoring function uses live as long as the classifier.
    /// </param>
    /// <param name="text">Filled in by the compiler: the source text of the function.</param>
    public CustomClassifier(
        string version, Func<TrainDataset, Func<SampleBatch, Tensor>> learn, [CallerArgumentExpression(nameof(learn))] string text = "") =>
        (Version, _make, Source) = (version, _ => new FunctionClassifier(version, learn), SourceHash.Compute(learn, text));

    /// <summary>A classifier given as a class.</summary>
    /// <param name="version">Name and version, such as "my-src v1".</param>
    /// <param name="make">Creates the classifier.</param>
    /// <param name="text">Filled in by the compiler: the source text of the function.</param>
    public CustomClassifier(
        string version, Func<ClassifierContext, IDeviceClassifier> make, [CallerArgumentExpression(nameof(make))] string text = "") =>
        (Version, _make, Source) = (version, make, SourceHash.Compute(make, text));

    [JsonConstructor]
    internal CustomClassifier(string version, string source) => (Version, Source) = (version, source);

    /// <summary>Name and version.</summary>
    public string Version { get; }

    /// <summary>Hash of the classifier's source.</summary>
    [NotInKey]
    public string Source { get; }

    /// <inheritdoc/>
    public override IEnumerable<string> Problems() => _make is null ? [CustomPart.Missing("classifier", Version)] : [];

    /// <inheritdoc/>
    protected override IDeviceClassifier Make(ClassifierContext context) => _make!(context);
}
