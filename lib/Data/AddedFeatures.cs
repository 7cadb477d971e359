namespace DeviceId.Data;

/// <summary>What stands behind the cepstra in each frame of a segment.</summary>
public enum AddedFeatures
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Logarithms of mel filters' outputs (<see cref="Features.LogMelEnergies"/>).</summary>
    LogMelEnergies,

    /// <summary>Band energy differences (<see cref="Features.BandEnergyDifference"/>).</summary>
    BandEnergyDifferences,
}
