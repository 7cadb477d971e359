using DeviceId.Foundation;

namespace DeviceId.Training;

/// <summary>Base of the settings of a loss; each kind creates its own loss.</summary>
/// <remarks>
/// To add a loss, write one file: a record derived from this with an <see cref="OptionsKindAttribute"/>, and the class that it creates.
/// </remarks>
public abstract record LossOptions : Options
{
    /// <summary>Creates the loss.</summary>
    public abstract ILoss Create();
}
