using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using DeviceId.Classifiers;
using DeviceId.Data;
using DeviceId.Features;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Identification;

/// <summary>Reads and writes model files (<see cref="TensorFile"/>): data only, protected by one checksum.</summary>
internal static class PhoneModelFile
{
    /// <summary>Increased whenever the meaning of a file's contents changes.</summary>
    private const int Version = 6;
    private const string Kind = "model of phones";
    private const string FrontEndPrefix = "frontEnd.";
    private const string NetworkPrefix = "network.";
    private const string ScorerPrefix = "space.";

    /// <summary>Whether a file of any version that begins with these bytes is a model of phones.</summary>
    public static bool Recognises(ReadOnlySpan<byte> start) =>
        TensorFile.Recognises(start) && start.IndexOf(Encoding.UTF8.GetBytes($"\"kind\":\"{Kind}\"")) >= 0;

    public static void Write(string path, PhoneModel model)
    {
        using var scope = NewDisposeScope();
        var (network, weights) = model.Network.Contents();
        IEnumerable<(string, Tensor)> AddPrefix(string prefix, IReadOnlyList<(string Name, Tensor Tensor)> tensors) =>
            tensors.Select(t => (prefix + t.Name, t.Tensor));
        var description = new Description(Version, model.Options, model.Facts, model.Calibration, model.SimilarityCalibration, network);
        TensorFile.Write(path, Kind, Json.WriteCompact(description),
            [.. AddPrefix(FrontEndPrefix, model.FrontEnd.State), .. AddPrefix(NetworkPrefix, weights),
                .. AddPrefix(ScorerPrefix, model.Scorer?.State() ?? [])]);
    }

    public static PhoneModel Read(string path, Device device)
    {
        using var work = ComputeScope.Enter();
        using var scope = NewDisposeScope();
        var (text, tensors) = TensorFile.Read(path, Kind);
        var description = ReadDescription(path, text);
        var (options, facts) = (description.Options, description.Facts);
        List<(string, Tensor)> WithPrefix(string prefix) =>
            [.. tensors.Where(t => t.Name.StartsWith(prefix, StringComparison.Ordinal)).Select(t => (t.Name[prefix.Length..], t.Tensor))];
        FrontEnd? frontEnd = null;
        try
        {
            // Features of questioned recordings are never cached, so this store stays empty.
            var store = new FeatureStore(Path.GetTempPath(), options.FrontEnd.CreateFeatures(device));
            frontEnd = FrontEnd.Restore(options.FrontEnd, store, device, WithPrefix(FrontEndPrefix));
            var scorer = WithPrefix(ScorerPrefix) is { Count: > 0 } state
                ? WccnCosineScorer.Restore(state, facts.Devices.Count, options.Spectra.Filters) : null;
            if (scorer is null != description.Similarity is null)
                throw new ModelFileException(path,
                    "it contains a similarity scorer without its calibration, or the reverse; train the model again.");
            var network = NetworkClassifier.Restore(path, description.Network, WithPrefix(NetworkPrefix), device);
            if (network.Network.Shape == options.FrontEnd.Shape(facts.Devices.Count)
                && Json.WriteKey(network.Network.Settings) == Json.WriteKey(options.Classifier.Network))
                return new PhoneModel(
                    options, facts, description.Calibration, frontEnd, network, scorer, description.Similarity, device);
            network.Dispose();
            throw new ModelFileException(path, "its network does not match its settings; train the model again.");
        }
        catch (ArgumentException error)
        {
            frontEnd?.Dispose();
            throw new ModelFileException(path, $"it cannot be used ({error.Message}); train the model again.");
        }
        catch (ModelFileException)
        {
            frontEnd?.Dispose();
            throw;
        }
    }

    private static Description ReadDescription(string path, string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            if (!document.RootElement.TryGetProperty("version", out var version) || !version.TryGetInt32(out var number)
                || number != Version)
            {
                var found = version.ValueKind == JsonValueKind.Undefined ? "unknown" : version.ToString();
                throw new ModelFileException(path, $"its format is version {found}, but this library reads version {Version}: "
                    + "train the model again, or read it with the library that wrote it.");
            }

            var description = Json.Read<Description>(text);
            description.Options.Validate();
            return description.Calibration is
            {
                SegmentTemperature: > 0 and <= 1000, RecordingTemperature: > 0 and <= 1000, Segments: > 0,
                Recordings: > 0
            } && description.Similarity is null
                or { Same: > 0, Different: > 0, Unknown: > 0, Points.Count: > 0, UsualDistance: > 0 } ? description
                : throw new ModelFileException(path, "its calibration is missing or out of range; train the model again.");
        }
        catch (Exception error) when (error is JsonException or OptionsException or InvalidOperationException)
        {
            throw new ModelFileException(path, $"its description cannot be used ({error.Message}); train the model again.");
        }
    }

    // JsonPropertyName: model files keep the property's older name.
    private sealed record Description(int Version, PhoneModelOptions Options, PhoneModelFacts Facts, Calibration Calibration,
        [property: JsonPropertyName("likeness")] SimilarityCalibration? Similarity, string Network);
}
