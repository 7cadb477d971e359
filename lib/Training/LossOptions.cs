using DeviceId.Foundation;

namespace DeviceId.Training;

/// <summary>Settings of a loss; each kind makes its own.</summary>
/// <remarks>
/// A new loss is one file: a record derived from this with an <see cref="OptionsKindAttribute"/>, and the class that it makes.
/// </remarks>
public abstract record LossOptions : Options
{
    /// <summary>Makes the loss.</summary>
    public abstract ILoss Create();
}
