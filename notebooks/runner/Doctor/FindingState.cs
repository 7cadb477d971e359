namespace DeviceId.Notebooks.Doctor;

internal enum FindingState
{
    Good,

    /// <summary>Everything works; something optional is missing.</summary>
    Note,
    Failure,
}
