using System.Text.Json;
using DeviceId.Data;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>
/// A classifier of three parts, all fitted to the training samples: (1) segment -> vector, (2) vector -> projected vector, (3) projected
/// vector -> scores of the devices.
/// </summary>
/// <remarks>
/// Frames are processed on the compute device; projections and decisions, whose matrices are small, in float64 on the CPU.
/// </remarks>
/// <param name="options">Settings of the parts.</param>
/// <param name="context">Background model, seed and compute device.</param>
internal sealed class VectorClassifier(VectorClassifierOptions options, VectorContext context) : IDeviceClassifier
{
    private const string Kind = "vector classifier";

    private Parts? _parts;

    /// <summary>The fitted decision; null before <see cref="Fit"/>.</summary>
    public Decision? Decision => _parts?.Decision;

    /// <inheritdoc/>
    public void Fit(TrainDataset train, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var work = ComputeScope.Enter();
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var fitted = new List<FittedPart>();
        try
        {
            var parts = FitParts(train, fitted, progress, cancellationToken);

            // Only now: if training is cancelled, the parts of an earlier training stay.
            Dispose();
            _parts = parts;
        }
        catch
        {
            fitted.ForEach(part => part.Dispose());
            throw;
        }
    }

    /// <inheritdoc/>
    public Tensor Scores(SampleBatch samples, CancellationToken cancellationToken = default)
    {
        var parts = _parts ?? throw new InvalidOperationException("The classifier has not been trained: call Fit or Load first.");
        using var work = ComputeScope.Enter();
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        return parts.Decision.Scores(Project(parts, samples, cancellationToken), cancellationToken)
            .to(ScalarType.Float32).cpu().contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>Scores whether samples of two sets are of one device (sample, other sample), float64; the devices may be unknown.</summary>
    /// <exception cref="NotSupportedException">The decision compares samples with trained devices only.</exception>
    public Tensor PairScores(SampleBatch one, SampleBatch other, CancellationToken cancellationToken = default)
    {
        var parts = _parts ?? throw new InvalidOperationException("The classifier has not been trained: call Fit or Load first.");
        var scorer = parts.Decision as IPairScorer
            ?? throw new NotSupportedException($"{options.Decision.GetType().Name} does not compare two samples.");
        using var work = ComputeScope.Enter();
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        return scorer.PairScores(Project(parts, one, cancellationToken), Project(parts, other, cancellationToken))
            .MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Save(string path)
    {
        var parts = _parts ?? throw new InvalidOperationException("The classifier has not been trained: there is nothing to save.");
        TensorFile.Write(path, Kind, Json.WriteCompact(new About(options, parts.Classes, parts.Length)),
            [.. parts.Named.SelectMany(part => part.Part.State.Select(entry => ($"{part.Prefix}.{entry.Name}", entry.Tensor)))]);
    }

    /// <summary>Reads a file written by <see cref="Save"/>.</summary>
    /// <exception cref="ModelFileException">The file cannot be used.</exception>
    public static VectorClassifier Load(string path, Device device)
    {
        using var work = ComputeScope.Enter();
        using var scope = NewDisposeScope();
        var (text, tensors) = TensorFile.Read(path, Kind);
        var restored = new List<FittedPart>();
        try
        {
            var about = Json.Read<About>(text);
            about.Options.Validate();
            var parts = Restore(about, tensors, device, restored);
            return new VectorClassifier(about.Options, new VectorContext(null, 0, device)) { _parts = parts };
        }
        catch (Exception error) when (error is JsonException or OptionsException or ArgumentException)
        {
            restored.ForEach(part => part.Dispose());
            throw new ModelFileException(path, $"it cannot be used ({error.Message}); train the classifier again and save it.");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, part) in _parts?.Named ?? [])
            part.Dispose();
        _parts = null;
    }

    private Parts FitParts(
        TrainDataset train, List<FittedPart> fitted, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        T Keep<T>(T part)
            where T : FittedPart
        {
            fitted.Add(part);
            progress?.Report(new WorkProgress(Kind, fitted.Count, options.Projections.Count + 2));
            cancellationToken.ThrowIfCancellationRequested();
            return part;
        }

        using var batch = new SampleBatch(train.Supervectors.alias(), train.Segments.alias());
        var extractor = Keep(options.Vectors.Fit(train, context, progress, cancellationToken));
        var sentences = train.RecordingOf.Select(r => train.Recordings[r].Sentence).ToList();
        var vectors = new TrainingVectors(
            extractor.Compute(batch, cancellationToken), train.Labels.cpu(), train.Devices.Count, sentences, context.Seed);
        var length = vectors.Length;
        var projections = new List<Projection>();
        foreach (var projection in options.Projections)
        {
            projections.Add(Keep(projection.Fit(vectors, cancellationToken)));
            using var before = vectors.Values;
            vectors = vectors with { Values = projections[^1].Apply(before) };
        }

        return new Parts(extractor, projections, Keep(options.Decision.Fit(vectors, progress, cancellationToken)), vectors.Classes, length);
    }

    private static Tensor Project(Parts parts, SampleBatch samples, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var vectors = parts.Extractor.Compute(samples, cancellationToken);
        if (vectors.shape[1] != parts.Length)
            throw new ArgumentException(
                $"The vectors have {vectors.shape[1]} values, those of the training {parts.Length}: use the same front end.",
                nameof(samples));
        return parts.Projections.Aggregate(vectors, (projected, projection) => projection.Apply(projected)).MoveToOuterDisposeScope();
    }

    private static Parts Restore(
        About about, IReadOnlyList<(string Name, Tensor Tensor)> tensors, Device device, List<FittedPart> restored)
    {
        T Read<T>(string prefix, Func<StateReader, T> restore)
            where T : FittedPart
        {
            var reader = new StateReader(tensors.Where(entry => entry.Name.StartsWith($"{prefix}.", StringComparison.Ordinal))
                .Select(entry => (entry.Name[(prefix.Length + 1)..], entry.Tensor)));
            var part = restore(reader);
            restored.Add(part);
            reader.RequireEmpty();
            return part;
        }

        if (about.Classes < 2 || about.Length < 1)
            throw new ArgumentException($"it has {about.Classes} devices and vectors of {about.Length} values");
        var extractor = Read("vectors", state => about.Options.Vectors.Restore(state, about.Length, device));
        var projections = new List<Projection>();
        foreach (var (projection, i) in about.Options.Projections.Select((projection, i) => (projection, i)))
        {
            var inputs = projections.Count == 0 ? about.Length : projections[^1].Outputs;
            projections.Add(Read($"projection{i}", state => projection.Restore(state, inputs)));
        }

        var values = projections.Count == 0 ? about.Length : projections[^1].Outputs;
        var decision = Read("decision", state => about.Options.Decision.Restore(state, values, about.Classes));
        return new Parts(extractor, projections, decision, about.Classes, about.Length);
    }

    private sealed record About(VectorClassifierOptions Options, int Classes, long Length);

    /// <summary>The fitted parts, the number of devices, and the number of values of a vector before the projections.</summary>
    private sealed record Parts(
        VectorExtractor Extractor, IReadOnlyList<Projection> Projections, Decision Decision, int Classes, long Length)
    {
        /// <summary>All parts with the beginnings of the names of their tensors.</summary>
        public IEnumerable<(string Prefix, FittedPart Part)> Named =>
        [
            ("vectors", Extractor), .. Projections.Select((projection, i) => ($"projection{i}", (FittedPart)projection)),
            ("decision", Decision),
        ];
    }
}
