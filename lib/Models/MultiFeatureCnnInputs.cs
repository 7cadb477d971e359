namespace DeviceId.Models;

/// <summary>What <see cref="MultiFeatureCnn"/> can read.</summary>
[Flags]
public enum MultiFeatureCnnInputs
{
    /// <summary>The supervector as a map (coefficient, component).</summary>
    Supervector = 1,

    /// <summary>The cepstra of the segment as a map (frame, coefficient).</summary>
    Cepstra = 2,

    /// <summary>The log mel energies of the segment as a map (frame, filter).</summary>
    LogMelEnergies = 4,
}
