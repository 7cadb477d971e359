namespace DeviceId.Mixtures;

/// <summary>How the values of a supervector are scaled.</summary>
public enum SupervectorScaling
{
    /// <summary>The means, unscaled.</summary>
    Raw,

    /// <summary>
    /// Multiplied by sqrt(w) / sigma: distances bound the Kullback-Leibler divergence of the mixtures (Campbell, Sturim, Reynolds 2006).
    /// </summary>
    KullbackLeibler,

    /// <summary>Each coefficient is scaled to [-1, 1] over the components of the utterance; a constant row becomes -1.</summary>
    RowMinMax,
}
