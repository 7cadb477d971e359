using System.Text.Json;
using DeviceId.Classifiers;
using DeviceId.Data;
using DeviceId.Features;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Identification;

/// <summary>The model's file (<see cref="TensorFile"/>): data only, under one checksum.</summary>
internal static class PhoneModelFile
{
    /// <summary>Raised when what a file holds changes its meaning.</summary>
    private const int Version = 6;
    private const string Kind = "model of phones";
    private const string FrontEndPrefix = "frontEnd.";
    private const string NetworkPrefix = "network.";
    private const string SpacePrefix = "space.";

    public static void Write(string path, PhoneModel model)
    {
        using var scope = NewDisposeScope();
        var (network, weights) = model.Network.Contents();
        IEnumerable<(string, Tensor)> Part(string prefix, IReadOnlyList<(string Name, Tensor Tensor)> tensors) =>
            tensors.Select(t => (prefix + t.Name, t.Tensor));
        TensorFile.Write(path, Kind, Json.WriteCompact(new About(Version, model.Options, model.Facts, model.Calibration,
            model.SimilarityCalibration, network)),
            [.. Part(FrontEndPrefix, model.FrontEnd.State), .. Part(NetworkPrefix, weights),
                .. Part(SpacePrefix, model.Scorer?.State() ?? [])]);
    }

    public static PhoneModel Read(string path, Device device)
    {
        using var work = ComputeScope.Enter();
        using var scope = NewDisposeScope();
        var (text, tensors) = TensorFile.Read(path, Kind);
        var about = Description(path, text);
        List<(string, Tensor)> Part(string prefix) =>
            [.. tensors.Where(t => t.Name.StartsWith(prefix, StringComparison.Ordinal)).Select(t => (t.Name[prefix.Length..], t.Tensor))];
        FrontEnd? frontEnd = null;
        try
        {
            // Nothing is ever kept for a questioned recording: the store is never asked to load one.
            var store = new FeatureStore(Path.GetTempPath(), about.Options.FrontEnd.CreateFeatures(device));
            frontEnd = FrontEnd.Restore(about.Options.FrontEnd, store, device, Part(FrontEndPrefix));
            var space = Part(SpacePrefix) is { Count: > 0 } state
                ? WccnCosineScorer.Restore(state, about.Facts.Devices.Count, about.Options.Spectra.Filters) : null;
            if (space is null != about.Likeness is null)
                throw new ModelFileException(path,
                    "it holds a comparison of spectra without its calibration, or the reverse; train the model again.");
            var network = NetworkClassifier.Restore(path, about.Network, Part(NetworkPrefix), device);
            if (network.Network.Shape == about.Options.FrontEnd.Shape(about.Facts.Devices.Count)
                && Json.WriteKey(network.Network.Settings) == Json.WriteKey(about.Options.Classifier.Network))
                return new PhoneModel(about.Options, about.Facts, about.Calibration, frontEnd, network, space, about.Likeness, device);
            network.Dispose();
            throw new ModelFileException(path, "its network is not that of its settings; train the model again.");
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

    private static About Description(string path, string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            if (!document.RootElement.TryGetProperty("version", out var version) || !version.TryGetInt32(out var number)
                || number != Version)
                throw new ModelFileException(path,
                    $"it is of version {(version.ValueKind == JsonValueKind.Undefined ? "unknown" : version.ToString())}, this library reads version {Version}: train the model again, or read it with the library that wrote it.");
            var about = Json.Read<About>(text);
            about.Options.Validate();
            return about.Calibration is
            {
                SegmentTemperature: > 0 and <= 1000, RecordingTemperature: > 0 and <= 1000, Segments: > 0,
                Recordings: > 0
            } && about.Likeness is null
                or { Same: > 0, Different: > 0, Unknown: > 0, Points.Count: > 0, UsualDistance: > 0 } ? about
                : throw new ModelFileException(path, "its calibration is none; train the model again.");
        }
        catch (Exception error) when (error is JsonException or OptionsException or InvalidOperationException)
        {
            throw new ModelFileException(path, $"its description cannot be used ({error.Message}); train the model again.");
        }
    }

    private sealed record About(int Version, PhoneModelOptions Options, PhoneModelFacts Facts, Calibration Calibration,
        SimilarityCalibration? Likeness, string Network);
}
