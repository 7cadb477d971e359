using DeviceId.Data;
using DeviceId.Foundation;

namespace DeviceId.Classifiers;

/// <summary>
/// Settings of a <see cref="VectorClassifier"/>: one vector per segment, projections of the vectors, and a decision between the devices.
/// </summary>
[OptionsKind("vector")]
public sealed record VectorClassifierOptions : ClassifierOptions
{
    /// <summary>The vector that represents a segment.</summary>
    public VectorOptions Vectors { get; init; } = new SupervectorOptions();

    /// <summary>Projections of the vectors, applied in this order.</summary>
    public IReadOnlyList<ProjectionOptions> Projections { get; init; } = [];

    /// <summary>The decision between the devices.</summary>
    public DecisionOptions Decision { get; init; } = new NearestMeanOptions();

    /// <summary>Settings in one line, for lists of systems.</summary>
    /// <param name="vectors">The vector that represents a segment.</param>
    /// <param name="decision">The decision between the devices.</param>
    /// <param name="projections">Projections of the vectors, applied in this order.</param>
    public static VectorClassifierOptions Of(
        VectorOptions vectors, DecisionOptions decision, params IReadOnlyList<ProjectionOptions> projections) =>
        new() { Vectors = vectors, Projections = projections, Decision = decision };

    /// <inheritdoc/>
    public override IEnumerable<string> Problems() =>
        [.. Vectors.Problems(), .. Projections.SelectMany(projection => projection.Problems()), .. Decision.Problems()];

    /// <inheritdoc/>
    public override IEnumerable<string> ProblemsWith(FrontEndOptions frontEnd) => Vectors.ProblemsWith(frontEnd);

    /// <inheritdoc/>
    protected override IDeviceClassifier Make(ClassifierContext context) =>
        new VectorClassifier(this, new VectorContext(context.FrontEnd.Background, context.Seed, context.Device));
}
