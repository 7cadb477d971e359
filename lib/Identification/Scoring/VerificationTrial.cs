using System.Text.Json.Serialization;
using DeviceId.Corpora;

namespace DeviceId.Identification;

// JsonPropertyName: stored results keep the properties' older names.
/// <summary>A comparison of a recording with a claimed device; the true device is known.</summary>
/// <param name="TrueDevice">The device that made the recording.</param>
/// <param name="Sentence">The recorded sentence or session.</param>
/// <param name="ClaimedDevice">The device that the recording is compared with.</param>
/// <param name="Score">Similarity score, or natural logarithm of a likelihood ratio.</param>
internal readonly record struct VerificationTrial([property: JsonPropertyName("made")] string TrueDevice, string Sentence,
    [property: JsonPropertyName("asked")] string ClaimedDevice, double Score)
{
    /// <summary>Relation of the two devices, by their names.</summary>
    public DeviceRelation Relation()
    {
        if (TrueDevice == ClaimedDevice)
            return DeviceRelation.SameDevice;
        var (claimed, actual) = (DeviceName.Parse(ClaimedDevice), DeviceName.Parse(TrueDevice));
        if (claimed.Brand != actual.Brand)
            return DeviceRelation.OtherBrand;
        return claimed.Model != actual.Model ? DeviceRelation.OtherModel : DeviceRelation.OtherUnit;
    }
}

/// <summary>Relation of two devices; the closer they are, the harder they are to tell apart.</summary>
internal enum DeviceRelation
{
    /// <summary>The same device.</summary>
    SameDevice,

    /// <summary>Another unit of the same model.</summary>
    OtherUnit,

    /// <summary>Another model of the same brand.</summary>
    OtherModel,

    /// <summary>A device of another brand.</summary>
    OtherBrand,
}
