namespace DeviceId.Data;

/// <summary>How supervectors are standardised with means and deviations of the training samples.</summary>
public enum SupervectorStandardisation
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>
    /// Centred, and divided by one deviation common to all values: keeps the distances that the Kullback-Leibler scaling gives.
    /// </summary>
    Common,

    /// <summary>Every value on its own to zero mean and unit variance.</summary>
    EachValue,
}
