using System.Text.Json.Serialization;
using DeviceId.Corpora;

namespace DeviceId.Identification;

/// <summary>A recording and a device that may have made it; the truth is known.</summary>
/// <param name="TrueDevice">The device that made it.</param>
/// <param name="Sentence">What was recorded.</param>
/// <param name="ClaimedDevice">The device that is asked about.</param>
/// <param name="Score">How much speaks for it: likeness, or the natural logarithm of a likelihood ratio.</param>
internal readonly record struct VerificationTrial([property: JsonPropertyName("made")] string TrueDevice, string Sentence,
    [property: JsonPropertyName("asked")] string ClaimedDevice, double Score)
{
    /// <summary>How near the two devices are, by their names.</summary>
    public DeviceRelation Relation()
    {
        if (TrueDevice == ClaimedDevice)
            return DeviceRelation.SameDevice;
        var (asked, made) = (DeviceName.Parse(ClaimedDevice), DeviceName.Parse(TrueDevice));
        return asked.Brand != made.Brand ? DeviceRelation.OtherBrand : asked.Model != made.Model ? DeviceRelation.OtherModel
            : DeviceRelation.OtherUnit;
    }
}

/// <summary>How near two devices are; the nearer, the harder they are to tell apart.</summary>
internal enum DeviceRelation
{
    /// <summary>They are one.</summary>
    SameDevice,

    /// <summary>Two units of one model.</summary>
    OtherUnit,

    /// <summary>Two models of one brand.</summary>
    OtherModel,

    /// <summary>Two brands.</summary>
    OtherBrand,
}
