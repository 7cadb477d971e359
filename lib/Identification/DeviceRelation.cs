namespace DeviceId.Identification;

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
