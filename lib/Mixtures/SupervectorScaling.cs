namespace DeviceId.Mixtures;

/// <summary>How the numbers of a supervector are scaled.</summary>
public enum SupervectorScaling
{
    /// <summary>The means as they are.</summary>
    Raw,

    /// <summary>Times sqrt(w) / sigma: distances bound the divergence of the mixtures (Campbell, Sturim, Reynolds 2006).</summary>
    KullbackLeibler,

    /// <summary>Each coefficient over its components to [-1, 1] within the utterance; a constant row becomes -1.</summary>
    RowMinMax,
}
