namespace DeviceId.Data;

/// <summary>How supervectors are standardised with means and standard deviations of the training samples.</summary>
public enum SupervectorStandardisation
{
    /// <summary>No standardisation.</summary>
    None,

    /// <summary>
    /// Centred, and divided by one standard deviation for all values: preserves the distances of the Kullback-Leibler scaling.
    /// </summary>
    Common,

    /// <summary>Each value is standardised to zero mean and unit variance separately.</summary>
    EachValue,
}
