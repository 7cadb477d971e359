namespace DeviceId.Experiments;

/// <summary>What the paper says of the first of two variants against the second.</summary>
internal enum Direction
{
    /// <summary>The first is better.</summary>
    Higher,

    /// <summary>The first is worse.</summary>
    Lower,

    /// <summary>They are equally good.</summary>
    Equal,
}
