namespace DeviceId.Experiments;

/// <summary>The systems of the paper's Table 9, and one more as the floor.</summary>
public enum SystemKind
{
    /// <summary>The paper's parallel spatial-temporal network.</summary>
    Pstnn,

    /// <summary>A reconstruction of the laboratory's network of 2020.</summary>
    PreviousWork,

    /// <summary>A mixture for each device, adapted from the background model.</summary>
    GmmUbm,

    /// <summary>Supervectors and a support vector machine.</summary>
    GsvSvm,

    /// <summary>Band energy differences and a support vector machine.</summary>
    BedSvm,

    /// <summary>Mean and deviation of the cepstra and a support vector machine: the floor that every system must beat.</summary>
    MeanSvm,
}
